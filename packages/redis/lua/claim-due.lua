#!lua flags=allow-oom
-- claim-due: hand out what the fast path did not bring: due retries, messages whose owner vanished, messages nobody
-- heard of. All the recovery there is.
-- KEYS[1] prefix of the group; derives log, done:<bucket>, lock:<id>, held, meta, retry, fence, pods
-- KEYS[2] groups of the channel
-- ARGV[1] pod  [2] lock TTL, ms  [3] nonce  [4] generation, ms  [5] most messages  [6] least age of an entry, ms
-- ARGV[7] cursor: entry to go on after, '' for the head  [8] suspects this pod may take  [9] most entries to look at
-- ARGV[10] how long a silent pod counts as live, ms  [11] group
-- Returns { next cursor or '', live pods, position of this one in the order of their names, message... }, a message being
-- { id, entry, headers, body, fence, failures, takeovers, lock TTL, previous pod or '' }; or nothing but { '', -1 }
-- when the group is not registered: the store has been emptied.
-- The same nonce and cursor win again what they won before. Paging by cursor: long-running messages at the head
-- never hide the rest.
--@include time
--@include remembered
--@include locks
--@include fences
--@include meta
--@include entries

local prefix, pod, ttl, nonce = KEYS[1], ARGV[1], tonumber(ARGV[2]), ARGV[3]
local generation = generation_of(now_ms, tonumber(ARGV[4]))
local limit, least_age, cursor = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7]
local suspect_slots, budget = tonumber(ARGV[8]), tonumber(ARGV[9])
local log = prefix .. 'log'

if redis.call('SISMEMBER', KEYS[2], ARGV[11]) == 0 then
  return { '', -1 }
end

local SUSPECT_FROM_TAKEOVERS = 3
-- The TTL doubles with each late report of an owner that had been taken over: a handler slower than its TTL must not
-- lose its message for ever (finding F3).
local LONGEST_TTL_FACTOR = 32

local reply = {}
local marks = {} -- for `held`: written once, at the end

local taken = {} -- an id that stands in the log twice is handed out once

local before, issued
local function next_fence()
  if not before then
    before, issued = fences(prefix, limit), 0
  end
  issued = issued + 1
  return integer_text(before + issued)
end

-- Different messages come back at different moments, whoever sends them back: a convoy that died together would
-- otherwise be claimed together again (finding F4).
local function spread_ms(id)
  local sum = 0
  for i = 1, #id do
    sum = (sum * 31 + string.byte(id, i)) % 1009
  end
  return 40 + sum % 460
end

-- Hands out what may be handed out of `messages`; from_retry says which of them were read from the retry schedule.
local function hand_out(messages, from_retry)
  local ids, buckets, fields, locks = {}, {}, {}, {}
  for i, message in ipairs(messages) do
    ids[i] = message.i
    buckets[i], fields[i] = split_address(message.a)
    locks[i] = prefix .. 'lock:' .. message.i
  end
  local done = recall(prefix .. 'done:', generation, buckets, fields)
  local owners = redis.call('MGET', unpack(locks))
  local held = redis.call('HMGET', prefix .. 'held', unpack(ids))
  local metas = redis.call('HMGET', prefix .. 'meta', unpack(ids))
  local waiting = from_retry and {} or redis.call('ZMSCORE', prefix .. 'retry', unpack(ids))
  for i, message in ipairs(messages) do
    if #reply >= limit then
      return i - 1
    end
    local id = message.i
    local lock_fence, lock_nonce
    if owners[i] then
      lock_fence, lock_nonce = parse_token(owners[i])
    end
    if done[i] then
      redis.call('XDEL', log, message.entry)
      redis.call('ZREM', prefix .. 'retry', id)
    elseif owners[i] and lock_nonce ~= nonce then
      if from_retry then -- handed out since it was scheduled
        redis.call('ZREM', prefix .. 'retry', id)
      end
    elseif not waiting[i] and not taken[id] then
      taken[id] = true
      local meta = parse_meta(metas[i])
      meta.entry = message.entry
      local takeovers = meta.takeovers
      local previous_pod = ''
      local vanished = held[i] and not owners[i]
      if vanished then
        local _, _, holder = parse_token(held[i])
        takeovers, previous_pod = takeovers + 1, holder
      end
      local suspect = takeovers >= SUSPECT_FROM_TAKEOVERS
      if suspect and suspect_slots == 0 and not owners[i] then
        -- The vanished owner stays in `held`, so the takeover is counted when the message is handed out.
        redis.call('ZADD', prefix .. 'retry', now_ms + spread_ms(id), id)
        save_meta(prefix, id, meta)
      else
        local factor = math.min(2 ^ meta.late, LONGEST_TTL_FACTOR)
        meta.takeovers = takeovers
        local fence = lock_fence
        if not fence then
          fence = next_fence()
          local token = token_of(fence, nonce, pod)
          redis.call('SET', locks[i], token, 'PX', integer_text(ttl * factor))
          local attempt = meta.failures + takeovers + 1
          marks[#marks + 1] = id
          marks[#marks + 1] = held_of(token, attempt, message.entry)
          if from_retry then
            redis.call('ZREM', prefix .. 'retry', id)
          end
          if vanished or metas[i] then
            save_meta(prefix, id, meta)
          end
        end
        if suspect then
          suspect_slots = suspect_slots - 1
        end
        reply[#reply + 1] =
          { id, message.entry, message.h, message.b, fence, meta.failures, takeovers, ttl * factor, previous_pod }
      end
    end
  end
  return #messages
end

-- 1. Retries that are due, the longest waiting first; on every page, so that a long backlog does not hold them up.
local due = redis.call('ZRANGEBYSCORE', prefix .. 'retry', '-inf', integer_text(now_ms), 'LIMIT', 0, limit)
if #due > 0 then
  local metas = redis.call('HMGET', prefix .. 'meta', unpack(due))
  local messages = {}
  for i, id in ipairs(due) do
    local entry = parse_meta(metas[i]).entry
    local found = entry ~= '' and redis.call('XRANGE', log, entry, entry)
    local message = found and found[1] and parse_entry(found[1])
    if message then
      messages[#messages + 1] = message
    else -- settled or removed meanwhile
      redis.call('ZREM', prefix .. 'retry', id)
      redis.call('HDEL', prefix .. 'meta', id)
    end
  end
  if #messages > 0 then
    hand_out(messages, true)
  end
end

-- 2. The log, from the cursor on, as far as its entries are old enough.
local newest = '+'
if least_age > 0 then
  newest = integer_text(now_ms - least_age)
  -- Entries from before a step back of the clock look young for as long as the step: then age says nothing.
  local head = redis.call('XREVRANGE', log, '+', '-', 'COUNT', 1)[1]
  if head and tonumber(string.match(head[1], '^%d+')) > now_ms then
    newest = '+'
  end
end
local last = cursor ~= '' and cursor or '0-0'
local finished = false
while #reply < limit and budget > 0 do
  local chunk = math.min(budget, 128)
  local entries = redis.call('XRANGE', log, '(' .. last, newest, 'COUNT', chunk)
  local messages = {}
  for _, entry in ipairs(entries) do
    local message = parse_entry(entry)
    if message then
      messages[#messages + 1] = message
    end
  end
  local looked_at = #messages > 0 and hand_out(messages, false) or 0
  if looked_at < #messages then -- no room for the rest: go on there next time
    if looked_at > 0 then
      last = messages[looked_at].entry
    end
    break
  end
  if #entries > 0 then
    last = entries[#entries][1]
  end
  budget = budget - #entries
  if #entries < chunk then
    finished = true
    break
  end
end
if #marks > 0 then
  redis.call('HSET', prefix .. 'held', unpack(marks))
end

redis.call('ZADD', prefix .. 'pods', integer_text(now_ms), pod)
redis.call('ZREMRANGEBYSCORE', prefix .. 'pods', '-inf', '(' .. integer_text(now_ms - tonumber(ARGV[10])))
local pods, position = redis.call('ZRANGE', prefix .. 'pods', 0, -1), 0
for _, name in ipairs(pods) do
  position = name < pod and position + 1 or position
end
return { finished and '' or last, #pods, position, unpack(reply) }
