-- Gives how many ms are left until the next lease ends (-1: there is none).
publish()
local first = redis.call('ZRANGE', leases, 0, 0, 'WITHSCORES')
if first[2] then
  return math.max(0, tonumber(first[2]) - now)
end
return -1
