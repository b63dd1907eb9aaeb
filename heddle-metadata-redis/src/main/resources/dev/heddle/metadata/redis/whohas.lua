-- how many holders of a key at most, then keys
-- Gives {workers, holders}: name, incarnation, address, port and machine of each worker, one after
-- the other; then for each holder the key's place and the worker's place, both from 0, and the size.
local most = tonumber(ARGV[2])
local known, workers, holders, count = {}, {}, {}, 0

local function worker(name)
  local found = known[name]
  if not found then
    local info = redis.call('HMGET', prefix .. 'worker:' .. name, 'lease', 'incarnation', 'address',
        'port', 'machine')
    found = {lease = alive(name) and info[1], info = info}
    known[name] = found
  end
  return found
end

for i = 3, #ARGV do
  local key, cursor, named, seen = prefix .. 'who:' .. ARGV[i], '0', 0, {}
  repeat
    local page = redis.call('HSCAN', key, cursor, 'COUNT', 100)
    cursor = page[1]
    for j = 1, #page[2], 2 do
      local name = page[2][j]
      local lease, size = string.match(page[2][j + 1], '^(%d+) (%-?%d+)$')
      local holder = worker(name)
      if not lease or holder.lease ~= lease then
        redis.call('HDEL', key, name)
      elseif not seen[name] and named < most then
        seen[name] = true
        named = named + 1
        if not holder.place then
          holder.place = count
          count = count + 1
          workers[#workers + 1] = name
          for k = 2, 5 do
            workers[#workers + 1] = holder.info[k]
          end
        end
        holders[#holders + 1] = i - 3
        holders[#holders + 1] = holder.place
        holders[#holders + 1] = size
      end
    end
  until cursor == '0' or named >= most
end
publish()
return {workers, holders}
