-- name, where to begin in the terms of ZRANGEBYLEX, how many keys at most
-- Gives key and size, one after the other.
local name = ARGV[2]
local entries = {}
if alive(name) then
  for _, key in ipairs(redis.call('ZRANGEBYLEX', prefix .. 'has:' .. name, ARGV[3], '+', 'LIMIT', 0,
      ARGV[4])) do
    local entry = redis.call('HGET', prefix .. 'who:' .. key, name)
    entries[#entries + 1] = key
    entries[#entries + 1] = entry and string.match(entry, ' (%-?%d+)$') or '-1'
  end
end
publish()
return entries
