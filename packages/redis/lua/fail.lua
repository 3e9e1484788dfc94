#!lua flags=allow-oom
-- fail: record failures: the message is scheduled for another attempt, or becomes a dead letter.
-- KEYS[1] prefix of the group; derives done:<bucket>, lock:<id>, held, meta, retry, log, dead, dead-index
-- KEYS[2..] prefixes of outbound channels (derive groups, unrouted, last, <group>:log)
-- ARGV[1] pod  [2] generation, ms  [3] number of items, then per item: id, entry, bucket, field, fence, nonce, kind
-- r (retryable) | p (permanent), error, most failures, delay ms, number of events that go out if it dies, and per
-- event: key index of the channel's prefix, text (see append.lua)
-- Returns per item the delay in ms, -1 (dead) or -2 (stale). Told again, it answers the same and counts once.
--@include time
--@include remembered
--@include locks
--@include meta
--@include append
--@include entries
--@include letters

local prefix, pod = KEYS[1], ARGV[1]
local generation = generation_of(now_ms, tonumber(ARGV[2]))
local count = tonumber(ARGV[3])
local at = 4
local reply = {}

for i = 1, count do
  local id, entry, bucket, field = unpack(ARGV, at, at + 3)
  local fence, nonce, kind, reason = unpack(ARGV, at + 4, at + 7)
  local most_failures, delay = tonumber(ARGV[at + 8]), tonumber(ARGV[at + 9])
  local event_count = tonumber(ARGV[at + 10])
  local events_at = at + 11
  at = events_at + 2 * event_count

  local lock = prefix .. 'lock:' .. id
  local recorded = recall(prefix .. 'done:', generation, { bucket }, { field })[1]
  local owner = redis.call('GET', lock)
  local holder = redis.call('HGET', prefix .. 'held', id)
  local meta = parse_meta(redis.call('HGET', prefix .. 'meta', id))
  local mine = false
  local current = owner or holder
  if current then
    local current_fence, current_nonce = parse_token(current)
    mine = current_fence == fence and current_nonce == nonce
  end
  if recorded == 'D' then
    local dead = redis.call('HGET', prefix .. 'dead-index', id)
    local letter = dead and redis.call('XRANGE', prefix .. 'dead', dead, dead)[1]
    reply[i] = letter and letter_of(letter).f == fence and -1 or -2
  elseif recorded then
    reply[i] = -2
  elseif not mine then
    local due = meta.fence == fence and redis.call('ZSCORE', prefix .. 'retry', id)
    reply[i] = due and math.max(0, tonumber(due) - now_ms) or -2
    if owner then
      count_late_report(prefix, id)
    end
  else
    meta.failures = meta.failures + 1
    redis.call('DEL', lock)
    redis.call('HDEL', prefix .. 'held', id)
    local found = redis.call('XRANGE', prefix .. 'log', entry, entry)[1]
    local message = found and parse_entry(found)
    if not message then
      -- Nothing left to try again: the entry was removed by hand.
      redis.call('HDEL', prefix .. 'meta', id)
      redis.call('ZREM', prefix .. 'retry', id)
      reply[i] = -2
    elseif kind == 'p' or meta.failures >= most_failures then
      local letter = redis.call('XADD', prefix .. 'dead', '*', 'i', id, 'a', message.a, 'h', message.h, 'b', message.b,
        'r', reason, 'n', meta.failures, 't', meta.takeovers, 'p', pod, 'f', fence, 'e', entry)
      redis.call('HSET', prefix .. 'dead-index', id, letter)
      remember(prefix .. 'done:', generation, { bucket }, { field }, { 'D' })
      redis.call('XDEL', prefix .. 'log', entry)
      redis.call('HDEL', prefix .. 'meta', id)
      redis.call('ZREM', prefix .. 'retry', id)
      for event = 0, event_count - 1 do
        local position = events_at + 2 * event
        append(KEYS[tonumber(ARGV[position])], { ARGV[position + 1] })
      end
      reply[i] = -1
    else
      meta.entry, meta.fence, meta.reason = entry, fence, reason
      save_meta(prefix, id, meta)
      redis.call('ZADD', prefix .. 'retry', integer_text(now_ms + delay), id)
      reply[i] = delay
    end
  end
end
return reply
