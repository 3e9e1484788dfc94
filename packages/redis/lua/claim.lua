#!lua flags=allow-oom
-- claim: take, or refuse, the right to process messages that were just heard of. Losers pay two reads per batch.
-- KEYS[1] prefix of the group; derives done:<bucket>, lock:<id>, held, retry, meta, fence
-- ARGV[1] pod  [2] lock TTL, ms  [3] nonce  [4] generation, ms  [5] number of messages
-- then per message: id, entry, bucket, field
-- Returns per message its fencing token (won), 0 (busy) or -1 (done). Whatever has a history (failed before, handed
-- out before) is busy here and left to claim-due. The same nonce wins again what it won before.
--@include time
--@include remembered
--@include locks

local prefix, pod, ttl, nonce = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local generation = generation_of(now_ms, tonumber(ARGV[4]))
local count = tonumber(ARGV[5])

local ids, entries, buckets, fields, locks = {}, {}, {}, {}, {}
for i = 1, count do
  local at = 4 * i + 2
  ids[i], entries[i], buckets[i], fields[i] = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  locks[i] = prefix .. 'lock:' .. ids[i]
end

local done = recall(prefix .. 'done:', generation, buckets, fields)
local owners = redis.call('MGET', unpack(locks))
local reply, free, free_ids = {}, {}, {}
for i = 1, count do
  if done[i] then
    reply[i] = -1
  elseif owners[i] then
    local fence, owner_nonce = parse_token(owners[i])
    reply[i] = owner_nonce == nonce and fence or 0
  else
    reply[i] = 0
    free[#free + 1] = i
    free_ids[#free_ids + 1] = ids[i]
  end
end
if #free == 0 then
  return reply
end

local held = redis.call('HMGET', prefix .. 'held', unpack(free_ids))
local waiting = redis.call('EXISTS', prefix .. 'retry') == 1
  and redis.call('ZMSCORE', prefix .. 'retry', unpack(free_ids))
local tried = redis.call('EXISTS', prefix .. 'meta') == 1 and redis.call('HMGET', prefix .. 'meta', unpack(free_ids))
local won, taken = {}, {}
for k = 1, #free do
  local known = held[k] or (waiting and waiting[k]) or (tried and tried[k])
  -- The same id twice in one call: the second finds the first's mark.
  if not known and not taken[free_ids[k]] then
    taken[free_ids[k]] = true
    won[#won + 1] = free[k]
  end
end
if #won == 0 then
  return reply
end

local before = fences(prefix, #won)
local marks = {}
for k, i in ipairs(won) do
  local fence = integer_text(before + k)
  local token = token_of(fence, nonce, pod)
  redis.call('SET', locks[i], token, 'PX', ttl)
  marks[2 * k - 1] = ids[i]
  marks[2 * k] = held_of(token, 1, entries[i])
  reply[i] = fence
end
redis.call('HSET', prefix .. 'held', unpack(marks))
return reply
