#!lua flags=allow-oom
-- release: give messages back at once and uncounted, and ring.
-- KEYS[1] prefix of the group; derives lock:<id>, held, meta    KEYS[2] prefix of the channel, for its Pub/Sub channels
-- ARGV[1] number of locks, then per lock: id, fence, nonce, pod
-- Returns how many were ours to give back.
--@include time
--@include locks
--@include meta
--@include ring

local prefix, count = KEYS[1], tonumber(ARGV[1])
local released = 0
for i = 1, count do
  local at = 4 * i - 2
  local id = ARGV[at]
  local token = token_of(ARGV[at + 1], ARGV[at + 2], ARGV[at + 3])
  local lock = prefix .. 'lock:' .. id
  local owner = redis.call('GET', lock)
  local holder = redis.call('HGET', prefix .. 'held', id)
  local held_by_us = holder and held_under(holder, token)
  if owner == token or (not owner and held_by_us) then
    redis.call('DEL', lock)
    redis.call('HDEL', prefix .. 'held', id)
    local known = redis.call('HGET', prefix .. 'meta', id)
    if known then -- so that an owner of before, if it wakes up now, is known to be one
      local meta = parse_meta(known)
      meta.fence = ARGV[at + 1]
      save_meta(prefix, id, meta)
    end
    released = released + 1
  end
end
if released > 0 then
  ring(KEYS[2])
end
return released
