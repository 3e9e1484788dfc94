#!lua flags=allow-oom
-- claim: take, or refuse, the right to process messages that were just heard of. Losers pay one read per batch while
-- the winner works, two afterwards.
-- KEYS[1] prefix of the group; derives done:<bucket>, lock:<id>, held, retry, meta, fence
-- Packed: pod, lock TTL in ms, nonce, generation in ms, number of messages n, n ids, n entries, n fields, buckets
-- Returns { a letter per message, fence before the first of those won, fence... }. w: won, the fences rise by one from
-- message to message; o: won by an earlier call with this nonce, whose fence is the next in the list; b: busy;
-- d: done. Whatever has a history (failed before, handed out before) is busy here and left to claim-due.
--@include arguments
--@include time
--@include remembered
--@include locks
--@include fences

local prefix, pod, ttl, nonce = KEYS[1], arguments[1], arguments[2], arguments[3]
local generation = generation_of(now_ms, arguments[4])
local count = arguments[5]
local ids, entries_at = column(6, count), 5 + count

local locks = {}
for i = 1, count do
  locks[i] = prefix .. 'lock:' .. ids[i]
end
local owners = redis.call('MGET', unpack(locks))

local letters, own_fences, unlocked = {}, {}, false
local own_tail = '|' .. nonce .. '|' .. pod
for i = 1, count do
  local owner = owners[i]
  if not owner then
    unlocked = true
  elseif string.sub(owner, -#own_tail) == own_tail then
    letters[i] = 'o'
    own_fences[#own_fences + 1] = parse_token(owner)
  else
    letters[i] = 'b'
  end
end

local free, free_ids = {}, {}
if unlocked then
  local fields_at = 6 + 2 * count
  local done = recall(prefix .. 'done:', generation, read_buckets(fields_at + count), column(fields_at, count))
  for i = 1, count do
    if done[i] then
      letters[i] = 'd'
    elseif not owners[i] then
      letters[i] = 'b'
      free[#free + 1] = i
      free_ids[#free_ids + 1] = ids[i]
    end
  end
end

local won, marks, before = {}, {}, 0
if #free > 0 then
  local held = redis.call('HMGET', prefix .. 'held', unpack(free_ids))
  local waiting = redis.call('EXISTS', prefix .. 'retry') == 1
    and redis.call('ZMSCORE', prefix .. 'retry', unpack(free_ids))
  local tried = redis.call('EXISTS', prefix .. 'meta') == 1 and redis.call('HMGET', prefix .. 'meta', unpack(free_ids))
  local taken = {} -- the same id twice in one call: the second loses
  for k, i in ipairs(free) do
    local known = held[k] or (waiting and waiting[k]) or (tried and tried[k])
    if not known and not taken[ids[i]] then
      taken[ids[i]] = true
      won[#won + 1] = i
      letters[i] = 'w'
    end
  end
end
if #won > 0 then
  before = fences(prefix, #won)
  local tokens = tokens_after(before, #won, nonce, pod)
  for k, i in ipairs(won) do
    redis.call('SET', locks[i], tokens[k], 'PX', ttl)
    marks[2 * k - 1] = ids[i]
    marks[2 * k] = held_of(tokens[k], '1', arguments[entries_at + i])
  end
  redis.call('HSET', prefix .. 'held', unpack(marks))
end
return { table.concat(letters), integer_text(before), unpack(own_fences) }
