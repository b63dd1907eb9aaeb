-- name, incarnation, then key and size of each value
-- Gives 0 if the lease has ended, or else 1.
local name, incarnation = ARGV[2], ARGV[3]
local lease = leaseOf(name, incarnation)
if not lease then
  publish()
  return 0
end
for i = 4, #ARGV, 2 do
  local who = prefix .. 'who:' .. ARGV[i]
  local entry = lease .. ' ' .. ARGV[i + 1]
  if redis.call('HGET', who, name) ~= entry then
    redis.call('HSET', who, name, entry)
    redis.call('ZADD', prefix .. 'has:' .. name, 0, ARGV[i])
    change('registered', name, incarnation, ARGV[i], ARGV[i + 1])
  end
end
publish()
return 1
