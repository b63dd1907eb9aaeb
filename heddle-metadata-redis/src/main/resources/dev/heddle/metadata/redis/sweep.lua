-- how many keys at most
-- Drops entries of leases that have ended. Gives how many such leases still have entries.
local first = redis.call('LINDEX', ended, 0)
if first then
  local lease, name = string.match(first, '^(%d+) (.*)$')
  local keys = redis.call('ZPOPMIN', prefix .. 'ended:' .. lease, ARGV[2])
  for i = 1, #keys, 2 do
    local who = prefix .. 'who:' .. keys[i]
    local entry = redis.call('HGET', who, name)
    if entry and string.match(entry, '^(%d+) ') == lease then
      redis.call('HDEL', who, name)
    end
  end
  if redis.call('EXISTS', prefix .. 'ended:' .. lease) == 0 then
    redis.call('LPOP', ended)
  end
end
publish()
return redis.call('LLEN', ended)
