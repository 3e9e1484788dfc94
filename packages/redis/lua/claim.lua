#!lua flags=allow-oom
-- claim: take, or refuse, the right to process messages that were just heard of. Who comes too late for a whole
-- announcement pays one read for all of it, while the winner works and afterwards.
-- KEYS[1] prefix of the group; derives heard:<entry>, done:<bucket>, lock:<id>, held, retry, meta, fence
-- ARGV[1] packed, see below  [2] pod  [3] lock TTL, ms  [4] nonce  [5] generation, ms  [6] number of messages
-- ARGV[7..] the announcements that are among these messages as a whole, each as: first entry, number of its messages,
-- position of the first of them here. Those of one announcement stand together.
-- Packed: n ids, n entries, n fields, buckets
-- Returns { a letter per message, fence before the first of those won, fence... }. w: won, the fences rise by one from
-- message to message; o: won by an earlier call with this nonce, whose fence is the next in the list; b: busy;
-- d: done. Whatever has a history (failed before, handed out before) is busy here and left to claim-due.
-- Or 'B' when all are busy.
--@include time
--@include remembered
--@include locks
--@include fences

local prefix, pod, ttl, nonce = KEYS[1], ARGV[2], ARGV[3], ARGV[4]
local generation = generation_of(now_ms, tonumber(ARGV[5]))
local count = tonumber(ARGV[6])

-- `heard` says for one TTL that somebody has claimed all messages of an announcement in one call. Each of them was locked
-- by then, or processed, or has a history: whoever claims it by envelope now comes too late.
local ANNOUNCEMENTS_AT = 7
local letters, fresh_marks, late = {}, {}, 0
if ARGV[ANNOUNCEMENTS_AT] then
  local marks = {}
  for at = ANNOUNCEMENTS_AT, #ARGV, 3 do
    marks[#marks + 1] = prefix .. 'heard:' .. ARGV[at]
  end
  local claimed_by = redis.call('MGET', unpack(marks))
  for k = 1, #marks do
    local at = ANNOUNCEMENTS_AT + 3 * (k - 1)
    if claimed_by[k] and claimed_by[k] ~= nonce then
      late = late + ARGV[at + 1]
      for i = ARGV[at + 2], ARGV[at + 2] + ARGV[at + 1] - 1 do
        letters[i] = 'b'
      end
    else
      fresh_marks[#fresh_marks + 1] = marks[k]
    end
  end
  if late == count then
    return 'B'
  end
end

--@include arguments

local ids, fields, buckets = column(1, count), column(1 + 2 * count, count), read_buckets(1 + 3 * count)
local entries_at = count

-- Positions of those that are looked at, and the columns of what has no lock.
local asked, locks = {}, {}
for i = 1, count do
  if not letters[i] then
    asked[#asked + 1] = i
    locks[#asked] = prefix .. 'lock:' .. ids[i]
  end
end
local owners = redis.call('MGET', unpack(locks))

local own_fences, own_tail = {}, '|' .. nonce .. '|' .. pod
local free, free_locks, free_ids, free_buckets, free_fields = {}, {}, {}, {}, {}
for k, i in ipairs(asked) do
  local owner = owners[k]
  if not owner then
    local nth = #free + 1
    free[nth], free_locks[nth], free_ids[nth] = i, locks[k], ids[i]
    free_buckets[nth], free_fields[nth] = buckets[i], fields[i]
  elseif string.sub(owner, -#own_tail) == own_tail then
    letters[i] = 'o'
    own_fences[#own_fences + 1] = parse_token(owner)
  else
    letters[i] = 'b'
  end
end

local won, before = {}, 0
if #free > 0 then
  local done = recall(prefix .. 'done:', generation, free_buckets, free_fields)
  local held = redis.call('HMGET', prefix .. 'held', unpack(free_ids))
  local waiting, tried = false, false
  if redis.call('EXISTS', prefix .. 'retry', prefix .. 'meta') > 0 then -- hardly ever
    waiting = redis.call('ZMSCORE', prefix .. 'retry', unpack(free_ids))
    tried = redis.call('HMGET', prefix .. 'meta', unpack(free_ids))
  end
  local taken = {} -- the same id twice in one call: the second loses
  for k, i in ipairs(free) do
    if done[k] then
      letters[i] = 'd'
    else
      local id = free_ids[k]
      local known = held[k] or (waiting and waiting[k]) or (tried and tried[k]) or taken[id]
      letters[i] = known and 'b' or 'w'
      if not known then
        taken[id] = true
        won[#won + 1] = k
      end
    end
  end
end
if #won > 0 then
  before = fences(prefix, #won)
  local tokens = tokens_after(before, #won, nonce, pod)
  local handed_out = {}
  for nth, k in ipairs(won) do
    redis.call('SET', free_locks[k], tokens[nth], 'PX', ttl)
    handed_out[2 * nth - 1] = free_ids[k]
    handed_out[2 * nth] = held_of(tokens[nth], '1', arguments[entries_at + free[k]])
  end
  redis.call('HSET', prefix .. 'held', unpack(handed_out))
  for _, mark in ipairs(fresh_marks) do
    redis.call('SET', mark, nonce, 'PX', ttl)
  end
end
return { table.concat(letters), integer_text(before), unpack(own_fences) }
