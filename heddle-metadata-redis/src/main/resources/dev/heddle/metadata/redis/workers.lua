-- a cursor of ZSCAN
-- Gives the next cursor, then name, incarnation, address, port, machine, pid and threads of each.
local page = redis.call('ZSCAN', leases, ARGV[2], 'COUNT', 200)
local result = {page[1]}
for i = 1, #page[2], 2 do
  if tonumber(page[2][i + 1]) > now then
    result[#result + 1] = page[2][i]
    for _, field in ipairs(redis.call('HMGET', prefix .. 'worker:' .. page[2][i], 'incarnation',
        'address', 'port', 'machine', 'pid', 'threads')) do
      result[#result + 1] = field
    end
  end
end
publish()
return result
