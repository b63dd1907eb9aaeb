-- name, incarnation
-- Gives 0 if the lease has ended, or else 1.
local name = ARGV[2]
if not leaseOf(name, ARGV[3]) then
  publish()
  return 0
end
redis.call('ZADD', leases, now + redis.call('HGET', prefix .. 'worker:' .. name, 'millis'), name)
publish()
return 1
