#!lua
-- publish: accept messages: remember the id, write the publisher's record, append to every group's backlog, ring.
-- KEYS[1] prefix of the channel; derives ids:<bucket>, groups, unrouted, last, touch, <group>:log
-- KEYS[2..] keys of the publishers' effects
-- ARGV[1] packed, see below  [2] texts of the log, joined by newlines  [3] id <tab> headers of each, joined by newlines
-- Packed: horizon in ms (0: none), how far in the future an id's time may lie in ms, generation in ms, 1 to write
-- something for duplicates, too (finding F6), number of messages n, n fields, n fingerprints, buckets, cells
-- (see effects.lua), then per message: issued at (ms, 0 when the id carries no time), length of its text in bytes, number of
-- the arguments that follow, and what there is to write:
--   nothing, when none follow
--   'e' effects: number of effects, effects
--   'r' a plain record: key, time to live (ms, 0 for ever), then fields and values. It is one hash that nothing else
--       of the batch touches and on which nothing depends, so it needs no cells.
-- Returns 'A<entry id>' when all are accepted, under this entry id and those that follow it, else per message the
-- entry id | 'DUPLICATE' | 'CONFLICT' | 'TOO_OLD' | 'FROM_FUTURE' | 'REFUSED<reason>' |
-- 'FAULT<detail>'. Without the flag allow-oom: a full store refuses the whole call before its first write.
--@include arguments
--@include time
--@include remembered
--@include effects
--@include append

program = arguments
local prefix, count = KEYS[1], arguments[5]
local oldest = arguments[1] > 0 and now_ms - arguments[1] or 0
local newest = now_ms + arguments[2]
local generation = generation_of(now_ms, arguments[3])
local fields, fingerprints = column(6, count), column(6 + count, count)
local buckets, at = read_buckets(6 + 2 * count)
at = load_cells(at)

-- Record or effects of the message at `at`. Judged last, when nothing else can refuse it, since a plain record is
-- written here: only the type of its key can be wrong, and then nothing of it is written.
-- Returns 'ok' | 'rejected', reason | 'fault', detail.
local function write_or_plan(at, size)
  if size == 0 then
    return 'ok', nil
  elseif arguments[at] == 'e' then
    return apply_effects(at + 2, arguments[at + 1])
  end
  local key, ttl = arguments[at + 1], arguments[at + 2]
  local written = redis.pcall('HSET', key, unpack(arguments, at + 3, at + size - 1))
  if type(written) == 'table' then
    return 'fault', key .. ': ' .. written.err
  end
  if ttl > 0 then
    redis.call('PEXPIRE', key, ttl)
  end
  return 'ok', nil
end

local known = recall(prefix .. 'ids:', generation, buckets, fields)
local reply, texts, remembered, seen, position, text_at = {}, {}, {}, {}, {}, 1
local first_bucket = buckets[1]
for i = 1, count do
  local issued_at, text_length, size = arguments[at], arguments[at + 1], arguments[at + 2]
  local field, bucket = fields[i], buckets[i]
  -- No name of a bucket is the head of a field, nor is there a space in any, so these do not collide.
  local address = bucket == first_bucket and field or bucket .. ' ' .. field
  local earlier = known[i] or seen[address]
  if issued_at > newest then
    reply[i] = 'FROM_FUTURE'
  elseif issued_at > 0 and issued_at < oldest then
    reply[i] = 'TOO_OLD'
  elseif earlier then
    reply[i] = earlier == fingerprints[i] and 'DUPLICATE' or 'CONFLICT'
  else
    local status, detail = write_or_plan(at + 3, size)
    if status == 'ok' then
      seen[address] = fingerprints[i]
      remembered[i] = fingerprints[i]
      texts[#texts + 1] = string.sub(ARGV[2], text_at, text_at + text_length - 1)
      position[#texts] = i
    else
      reply[i] = (status == 'rejected' and 'REFUSED' or 'FAULT') .. detail
    end
  end
  at = at + 3 + size
  text_at = text_at + text_length + 1
end

local accepted_count = #texts
if accepted_count == 0 then
  if arguments[4] == 1 then
    redis.call('SET', prefix .. 'touch', integer_text(now_ms))
  end
  return reply
end
remember(prefix .. 'ids:', generation, buckets, fields, remembered)
write_effects()
if accepted_count == count then
  return 'A' .. append(prefix, texts, ARGV[2], ARGV[3])
end
local head, sequence = string.match(append(prefix, texts), '^(%d+%-)(%d+)$')
for k = 1, accepted_count do
  reply[position[k]] = head .. integer_text(sequence + k - 1)
end
return reply
