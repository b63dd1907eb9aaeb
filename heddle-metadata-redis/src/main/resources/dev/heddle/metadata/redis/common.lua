-- Begins every script. ARGV[1] is the prefix of all keys: 'heddle:NAMESPACE:'.
local prefix = ARGV[1]
local leases, ended = prefix .. 'leases', prefix .. 'ended'

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local changes = {}
local function change(...)
  changes[#changes + 1] = table.concat({...}, '\t')
end

local function publish()
  if #changes > 0 then
    redis.call('PUBLISH', prefix .. 'changes', table.concat(changes, '\n'))
  end
end

-- Ends a lease. What the worker had is out of the index of workers at once, and out of that of keys
-- by and by (sweep.lua); until then its entries there bear a lease that nobody has.
local function finish(name)
  local worker = redis.call('HMGET', prefix .. 'worker:' .. name, 'incarnation', 'lease')
  redis.call('ZREM', leases, name)
  redis.call('DEL', prefix .. 'worker:' .. name)
  if worker[2] then
    if redis.call('EXISTS', prefix .. 'has:' .. name) == 1 then
      redis.call('RENAME', prefix .. 'has:' .. name, prefix .. 'ended:' .. worker[2])
      redis.call('RPUSH', ended, worker[2] .. ' ' .. name)
    end
    change('left', name, worker[1])
  end
end

local function alive(name)
  local ends = redis.call('ZSCORE', leases, name)
  return ends and tonumber(ends) > now
end

-- The lease of this incarnation, nil if it has none.
local function leaseOf(name, incarnation)
  local worker = redis.call('HMGET', prefix .. 'worker:' .. name, 'incarnation', 'lease')
  if worker[1] == incarnation and alive(name) then
    return worker[2]
  end
  return nil
end

for _, name in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', now, 'LIMIT', 0, 100)) do
  finish(name)
end
