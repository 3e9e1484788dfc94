#!lua flags=allow-oom
-- commit: apply effects, processed ids, outgoing events and removal from the backlog, all or nothing per item.
-- KEYS[1] prefix of the group; derives done:<bucket>, lock:<id>, held, meta, retry, log, recent
-- KEYS[2..] keys of effects, and prefixes of outbound channels (derive groups, unrouted, last, <group>:log)
-- ARGV[1] pod  [2] generation, ms  [3] most entries of `recent`  [4] number of items
-- then cells (see effects.lua), then per item: id, entry, bucket, field, fence, nonce, attempt, outcome C|R,
-- reason, arguments of the accepting part, arguments of the rejecting part, and the two parts. A part is: number of
-- effects, effects, number of events, and per event: key index of the channel's prefix, id, address, headers, body,
-- body after the reason ('' when the body is complete).
-- Returns per item 'C' | 'R<reason>' | 'D<recorded outcome>' (duplicate) | 'O<recorded outcome>' (duplicate of a commit
-- of this very attempt, whose answer was lost) | 'S' (stale) | 'F<detail>' (fault).
-- Order: done? lock? still in the backlog? guards; only then writes. A lock that ran out while nobody took the message
-- does not hinder.
--@include time
--@include remembered
--@include effects
--@include locks
--@include meta
--@include append

local RECENT_BATCHES_LOOKED_AT = 64

local prefix, pod = KEYS[1], ARGV[1]
local generation = generation_of(now_ms, tonumber(ARGV[2]))
local recent_limit, count = ARGV[3], tonumber(ARGV[4])
local at = load_cells(5)

local items, ids, buckets, fields, locks = {}, {}, {}, {}, {}
for i = 1, count do
  local accept = at + 11
  local reject = accept + tonumber(ARGV[at + 9])
  items[i] = { at = at, accept = accept, reject = reject }
  ids[i], buckets[i], fields[i] = ARGV[at], ARGV[at + 2], ARGV[at + 3]
  locks[i] = prefix .. 'lock:' .. ids[i]
  at = reject + tonumber(ARGV[at + 10])
end

local done = recall(prefix .. 'done:', generation, buckets, fields)
local owners = redis.call('MGET', unpack(locks))

-- Events wait here until every item is judged: { per key index of a channel: messages }.
local outbox, outbox_order = {}, {}

local function collect_events(position, reason)
  local event_count = tonumber(ARGV[position])
  position = position + 1
  for _ = 1, event_count do
    local channel = tonumber(ARGV[position])
    local body, rest = ARGV[position + 4], ARGV[position + 5]
    if rest ~= '' then
      body = body .. cjson.encode(reason) .. rest
    end
    if not outbox[channel] then
      outbox[channel] = {}
      outbox_order[#outbox_order + 1] = channel
    end
    table.insert(outbox[channel], { ARGV[position + 1], ARGV[position + 2], ARGV[position + 3], body })
    position = position + 6
  end
end

-- Where the events of a part begin: behind its effects, whose arguments differ in number.
local EFFECT_ARGUMENTS = { t = 5, a = 3, p = 3, d = 2, q = 5, x = 3, s = 3, S = 3, z = 4, l = 3 }
local function events_of(part)
  local effect_count = tonumber(ARGV[part])
  local position = part + 1
  for _ = 1, effect_count do
    position = position + EFFECT_ARGUMENTS[ARGV[position]]
  end
  return position
end

-- Whether the outcome recorded is this attempt's own: looked up among the last commits, and only for duplicates, which
-- are rare. So a commit whose answer was lost is still told as processed, and one by somebody else is not.
local own_commits
local function committed_before(id, attempt)
  if not own_commits then
    own_commits = {}
    for _, batch in ipairs(redis.call('XREVRANGE', prefix .. 'recent', '+', '-', 'COUNT', RECENT_BATCHES_LOOKED_AT)) do
      local fields = batch[2]
      if fields[2] == pod then
        for k = 5, #fields, 2 do
          own_commits[fields[k + 1] .. ' ' .. string.sub(fields[k], 2)] = true
        end
      end
    end
  end
  return own_commits[id .. ' ' .. attempt]
end

-- Whether somebody was handed the message after this token, although no lock is there now: it ran out as well, or a
-- failure was reported, or the message was given back. The token is stale then: receivers outside would see it fall.
local function handed_on(id, fence, nonce)
  local holder = redis.call('HGET', prefix .. 'held', id)
  if holder then
    local holder_fence, holder_nonce = parse_token(holder)
    return holder_fence ~= fence or holder_nonce ~= nonce
  end
  local last = parse_meta(redis.call('HGET', prefix .. 'meta', id)).fence
  return last ~= '' and tonumber(last) > tonumber(fence)
end

-- An effect needs an accepted message. One that was heard but is not in the backlog was forged, or its acceptance was
-- lost with the end of a torn file or in a failover: its publisher will send it again, and must then find it undone.
local function in_backlog(entry)
  local found = redis.pcall('XRANGE', prefix .. 'log', entry, entry)
  return not found.err and #found > 0
end

local reply, outcomes, settled = {}, {}, {}
local entries, settled_locks, settled_ids = {}, {}, {}
local recent = { 'pod', pod, 'at', integer_text(now_ms) }
for i = 1, count do
  local item = items[i]
  local start = item.at
  local fence, nonce = ARGV[start + 4], ARGV[start + 5]
  local seen = done[i] or settled[buckets[i] .. ' ' .. fields[i]]
  local owner_fence, owner_nonce
  if owners[i] then
    owner_fence, owner_nonce = parse_token(owners[i])
  end
  if seen then
    local own = done[i] and committed_before(ids[i], ARGV[start + 6])
    reply[i] = (own and 'O' or 'D') .. seen
  elseif
    (owners[i] and (owner_fence ~= fence or owner_nonce ~= nonce))
    or (not owners[i] and handed_on(ids[i], fence, nonce))
  then
    reply[i] = 'S'
    count_late_report(prefix, ids[i])
  elseif not in_backlog(ARGV[start + 1]) then
    reply[i] = 'S'
    redis.call('DEL', locks[i])
    redis.call('HDEL', prefix .. 'held', ids[i])
  else
    local outcome, reason = ARGV[start + 7], ARGV[start + 8]
    local part = item.accept
    local status, detail = apply_effects(part + 1, tonumber(ARGV[part]))
    if status == 'rejected' then
      outcome, reason, part = 'R', detail, item.reject
      status, detail = apply_effects(part + 1, tonumber(ARGV[part]))
      if status == 'rejected' then
        status, detail = 'fault', 'a rejection cannot be rejected: ' .. detail
      end
    end
    if status == 'fault' then
      reply[i] = 'F' .. detail
    else
      collect_events(events_of(part), reason)
      outcomes[i] = outcome
      settled[buckets[i] .. ' ' .. fields[i]] = outcome
      reply[i] = outcome == 'C' and 'C' or 'R' .. reason
      entries[#entries + 1] = ARGV[start + 1]
      settled_locks[#settled_locks + 1] = locks[i]
      settled_ids[#settled_ids + 1] = ids[i]
      recent[#recent + 1] = outcome .. ARGV[start + 6]
      recent[#recent + 1] = ids[i]
    end
  end
end

if #entries == 0 then
  return reply
end
write_effects()
remember(prefix .. 'done:', generation, buckets, fields, outcomes)
for _, channel in ipairs(outbox_order) do
  append(KEYS[channel], outbox[channel])
end
redis.call('XDEL', prefix .. 'log', unpack(entries))
redis.call('DEL', unpack(settled_locks))
redis.call('HDEL', prefix .. 'held', unpack(settled_ids))
if redis.call('EXISTS', prefix .. 'meta') == 1 then
  redis.call('HDEL', prefix .. 'meta', unpack(settled_ids))
  redis.call('ZREM', prefix .. 'retry', unpack(settled_ids))
end
redis.call('XADD', prefix .. 'recent', 'MAXLEN', '~', recent_limit, '*', unpack(recent))
return reply
