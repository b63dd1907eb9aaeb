-- name, incarnation, lease in ms, address, port, machine, pid, threads
-- Gives {'joined'} or {'taken', incarnation, address, port, machine, pid, threads, ms left}.
local name, incarnation, millis = ARGV[2], ARGV[3], ARGV[4]
local key = prefix .. 'worker:' .. name
if not alive(name) then
  finish(name)
end
local known = redis.call('HMGET', key, 'incarnation', 'address', 'port', 'machine', 'pid', 'threads')
if known[1] and known[1] ~= incarnation then
  publish()
  local left = tonumber(redis.call('ZSCORE', leases, name)) - now
  return {'taken', known[1], known[2], known[3], known[4], known[5], known[6], left}
end
if not known[1] then
  redis.call('HSET', key, 'incarnation', incarnation, 'lease', redis.call('INCR', prefix .. 'lease'),
      'joined', now)
end
if not known[1] or known[2] ~= ARGV[5] or known[3] ~= ARGV[6] or known[4] ~= ARGV[7]
    or known[5] ~= ARGV[8] or known[6] ~= ARGV[9] then
  redis.call('HSET', key, 'address', ARGV[5], 'port', ARGV[6], 'machine', ARGV[7], 'pid', ARGV[8],
      'threads', ARGV[9])
  change('joined', name, incarnation, ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9])
end
redis.call('HSET', key, 'millis', millis)
redis.call('ZADD', leases, now + millis, name)
publish()
return {'joined'}
