#!lua flags=allow-oom
-- commit: apply effects, processed ids, outgoing events and removal from the backlog, all or nothing per item.
-- KEYS[1] prefix of the group; derives done:<bucket>, lock:<id>, held, meta, retry, log, recent
-- KEYS[2..] keys of effects, and prefixes of outbound channels (derive groups, unrouted, last, <group>:log)
-- Packed: pod, generation in ms, most entries of `recent`, number of items n, n ids, n entries, n fields, n tokens as
-- their locks hold them, n attempts, buckets, cells (see effects.lua), then per item: outcome C|R, reason, arguments
-- of the accepting part, arguments of the rejecting part, and the two parts. A part is: number of effects, effects,
-- number of events, and per event: key index of the channel's prefix, text (see append.lua), text after the reason (''
-- when the text is complete).
-- Returns 'C' when every item is, else per item 'C' | 'R<reason>' | 'D<recorded outcome>' (duplicate) |
-- 'O<recorded outcome>' (duplicate of a commit of this very attempt, whose answer was lost) | 'S' (stale) |
-- 'F<detail>' (fault).
-- Order: lock? done? guards? A lock that stands is of a message that is not processed, so only those without theirs are
-- looked up. All items are judged on copies before the first write, and then they leave the backlog:
-- together, as far as their locks prove that they are in it; else one by one, and one that was not in it is stale, and
-- those behind it are judged again as if it had not been there. A lock that ran out while nobody took the message does
-- not hinder.
--@include arguments
--@include time
--@include remembered
--@include effects
--@include locks
--@include meta
--@include append

local RECENT_BATCHES_LOOKED_AT = 64
-- What the nonces of pull and claim-due end with, in a token.
local FROM_LOG = '+|'

program = arguments
local prefix, pod = KEYS[1], arguments[1]
local generation = generation_of(now_ms, arguments[2])
local recent_limit, count = arguments[3], arguments[4]
local ids = column(5, count)
local entries_at = 4 + count
local fields = column(5 + 2 * count, count)
local tokens_at = 4 + 3 * count
local attempts_at = 4 + 4 * count
local buckets, at = read_buckets(5 + 5 * count)
at = load_cells(at)

local locks, starts = {}, {}
for i = 1, count do
  locks[i] = prefix .. 'lock:' .. ids[i]
  starts[i] = at
  at = at + 4 + arguments[at + 2] + arguments[at + 3]
end

local owners = redis.call('MGET', unpack(locks))

-- Whoever writes a lock has seen in the same script that the message is not processed, and whoever marks it as processed
-- removes the lock first: so where this token's lock stands there is nothing to look up.
local done = {}
local unlocked, unlocked_buckets, unlocked_fields = {}, {}, {}
for i = 1, count do
  if owners[i] ~= arguments[tokens_at + i] then
    local nth = #unlocked + 1
    unlocked[nth], unlocked_buckets[nth], unlocked_fields[nth] = i, buckets[i], fields[i]
  end
end
if #unlocked > 0 then
  local found = recall(prefix .. 'done:', generation, unlocked_buckets, unlocked_fields)
  for k, i in ipairs(unlocked) do
    done[i] = found[k]
  end
end

-- Whether the outcome recorded is this attempt's own: looked up among the last commits, and only for duplicates, which
-- are rare. So a commit whose answer was lost is still told as processed, and one by somebody else is not.
local own_commits
local function committed_before(id, attempt)
  if not own_commits then
    own_commits = {}
    for _, batch in ipairs(redis.call('XREVRANGE', prefix .. 'recent', '+', '-', 'COUNT', RECENT_BATCHES_LOOKED_AT)) do
      local fields_of_batch = batch[2]
      if fields_of_batch[2] == pod then
        for attempt_of, id_of in string.gmatch(fields_of_batch[6], '%a(%d+) (%S+)') do
          own_commits[id_of .. ' ' .. attempt_of] = true
        end
      end
    end
  end
  return own_commits[id .. ' ' .. attempt]
end

-- Whether somebody was handed the message after this token, although no lock is there now: it ran out as well, or a
-- failure was reported, or the message was given back. The token is stale then: receivers outside would see it fall.
local function handed_on(id, token)
  local holder = redis.call('HGET', prefix .. 'held', id)
  if holder then
    return not held_under(holder, token)
  end
  local last = parse_meta(redis.call('HGET', prefix .. 'meta', id)).fence
  return last ~= '' and tonumber(last) > tonumber((parse_token(token)))
end

-- The verdict on each item: its answer, and if it takes effect its outcome, reason, and where its events stand.
local reply, outcomes, events_at, reasons = {}, {}, {}, {}
local settled = {} -- id -> outcome, of items of this call
local journal_before, later_before = {}, {}
local LATE = {} -- stands for the answer of an owner that reports too late

local function judge(i)
  local id, token, owner = ids[i], arguments[tokens_at + i], owners[i]
  local seen = done[i] or settled[id]
  outcomes[i], journal_before[i], later_before[i] = nil, journal_size, #later
  if seen then
    local own = done[i] and committed_before(id, arguments[attempts_at + i])
    reply[i] = (own and 'O' or 'D') .. seen
  elseif owner ~= token and (owner or handed_on(id, token)) then
    reply[i] = LATE
  else
    local start = starts[i]
    local outcome, reason, part = arguments[start], arguments[start + 1], start + 4
    local status, detail = apply_effects(part + 1, arguments[part])
    if status == 'rejected' then
      outcome, reason, part = 'R', detail, part + arguments[start + 2]
      status, detail = apply_effects(part + 1, arguments[part])
      if status == 'rejected' then
        status, detail = 'fault', 'a rejection cannot be rejected: ' .. detail
      end
    end
    if status == 'fault' then
      reply[i] = 'F' .. detail
    else
      reply[i] = outcome == 'C' and 'C' or 'R' .. reason
      outcomes[i], reasons[i], events_at[i] = outcome, reason, detail
      settled[id] = outcome
    end
  end
end

for i = 1, count do
  judge(i)
end

-- An effect needs an accepted message. One that was heard but is not in the backlog was forged, or its acceptance was
-- lost with the end of a torn file or in a failover: its publisher will send it again, and must then find it undone.
local function leave_backlog(entry)
  local removed = redis.pcall('XDEL', prefix .. 'log', entry)
  return removed == 1
end

-- A lock that pull or claim-due wrote proves that the entry is there: they read it from the log in the same script, and
-- only what is processed or dead leaves the log. The lock is looked at in the store, so this is of one history: one
-- that lost the acceptance has lost the lock that came after it. A claim by envelope proves nothing.
local function proven(i)
  local token = arguments[tokens_at + i]
  return owners[i] == token and string.find(token, FROM_LOG, 1, true)
end

local ended_locks, ended_ids, leaving, confirmed = {}, {}, {}, 0
local recent = {}
for i = 1, count do
  local outcome = outcomes[i]
  if outcome then
    local entry, together = arguments[entries_at + i], proven(i)
    if together then
      leaving[#leaving + 1] = entry
    end
    if together or leave_backlog(entry) then
      recent[#recent + 1] = outcome .. arguments[attempts_at + i] .. ' ' .. ids[i]
      confirmed = outcome == 'C' and confirmed + 1 or confirmed
    else
      undo_effects(journal_before[i], later_before[i])
      for k = i, count do
        if outcomes[k] then
          settled[ids[k]] = nil
        end
      end
      outcomes[i], reply[i] = nil, 'S'
      for k = i + 1, count do
        judge(k)
      end
    end
    ended_locks[#ended_locks + 1] = locks[i]
    ended_ids[#ended_ids + 1] = ids[i]
  elseif reply[i] == LATE then
    reply[i] = 'S'
    count_late_report(prefix, ids[i])
  end
end
if #ended_ids == 0 then
  return reply
end

-- First of all: see above. If the script ends here after all, the messages are handed out again.
redis.call('DEL', unpack(ended_locks))
redis.call('HDEL', prefix .. 'held', unpack(ended_ids))

if #recent > 0 then
  if #leaving > 0 then
    -- An entry that stays behind goes when it is next looked at: no reason to fail half way (finding F2).
    redis.pcall('XDEL', prefix .. 'log', unpack(leaving))
  end
  write_effects()
  remember(prefix .. 'done:', generation, buckets, fields, outcomes)

  -- Events of all items go out together: per key index of a channel the texts.
  local outbox, outbox_order = {}, {}
  for i = 1, count do
    local position = outcomes[i] and events_at[i]
    local event_count = position and arguments[position] or 0
    for _ = 1, event_count do
      local channel, text, rest = arguments[position + 1], arguments[position + 2], arguments[position + 3]
      if rest ~= '' then
        text = text .. cjson.encode(reasons[i]) .. rest
      end
      local out = outbox[channel]
      if not out then
        out = {}
        outbox[channel] = out
        outbox_order[#outbox_order + 1] = channel
      end
      out[#out + 1] = text
      position = position + 3
    end
  end
  for _, channel in ipairs(outbox_order) do
    append(KEYS[channel], outbox[channel])
  end
  if redis.call('EXISTS', prefix .. 'meta') == 1 then
    redis.call('HDEL', prefix .. 'meta', unpack(ended_ids))
    redis.call('ZREM', prefix .. 'retry', unpack(ended_ids))
  end
  redis.call('XADD', prefix .. 'recent', 'MAXLEN', '~', recent_limit, '*', 'pod', pod, 'at', integer_text(now_ms),
    'ids', table.concat(recent, '\n'))
end
return confirmed == count and 'C' or reply
