-- name, incarnation, then keys
local name, incarnation = ARGV[2], ARGV[3]
local lease = leaseOf(name, incarnation)
if lease then
  for i = 4, #ARGV do
    if redis.call('ZREM', prefix .. 'has:' .. name, ARGV[i]) == 1 then
      redis.call('HDEL', prefix .. 'who:' .. ARGV[i], name)
      change('unregistered', name, incarnation, ARGV[i])
    end
  end
end
publish()
return 1
