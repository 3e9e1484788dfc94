#!lua flags=allow-oom
-- extend: start the TTL of locks anew.
-- KEYS[1] prefix of the group; derives lock:<id>, held
-- ARGV[1] number of locks, then per lock: id, fence, nonce, pod, TTL ms
-- Returns the ids whose lock was lost. A lock that ran out while nobody took the message is taken again.
--@include time
--@include locks

local prefix, count = KEYS[1], tonumber(ARGV[1])
local lost = {}
for i = 1, count do
  local at = 5 * i - 3
  local id, ttl = ARGV[at], ARGV[at + 4]
  local token = token_of(ARGV[at + 1], ARGV[at + 2], ARGV[at + 3])
  local lock = prefix .. 'lock:' .. id
  local owner = redis.call('GET', lock)
  if owner == token then
    redis.call('PEXPIRE', lock, ttl)
  else
    local holder = not owner and redis.call('HGET', prefix .. 'held', id)
    if holder and held_under(holder, token) then
      redis.call('SET', lock, token, 'PX', ttl)
    else
      lost[#lost + 1] = id
    end
  end
end
return lost
