#!lua
-- publish: accept messages: remember the id, write the publisher's record, append to every group's backlog, ring.
-- KEYS[1] prefix of the channel; derives ids:<bucket>, groups, unrouted, last, touch, <group>:log
-- KEYS[2..] keys of the publisher's own record
-- ARGV[1] horizon, ms (0: none)  [2] how far in the future an id's time may lie, ms  [3] generation, ms
-- ARGV[4] 1 to write something for duplicates, too (finding F6)  [5] number of items
-- then cells (see effects.lua), then per item: id, bucket, field, issued at (ms, '' when the id carries no time),
-- fingerprint, headers, body, number of arguments that follow after the next one, and what there is to write:
--   ''  nothing
--   'e' effects: number of effects, effects
--   'r' a plain record: key index, time to live (ms, '' for ever), then fields and values. It is one hash that
--       nothing else of the batch touches and on which nothing depends, so it needs no cells.
-- Returns per item the entry id | 'DUPLICATE' | 'CONFLICT' | 'TOO_OLD' | 'FROM_FUTURE' | 'REFUSED<reason>' |
-- 'FAULT<detail>'. Without the flag allow-oom: a full store refuses the whole call before its first write.
--@include time
--@include remembered
--@include effects
--@include append

local prefix = KEYS[1]
local horizon, future = tonumber(ARGV[1]), tonumber(ARGV[2])
local generation = generation_of(now_ms, tonumber(ARGV[3]))
local count = tonumber(ARGV[5])
local at = load_cells(6)

local starts, buckets, fields = {}, {}, {}
for i = 1, count do
  starts[i], buckets[i], fields[i] = at, ARGV[at + 1], ARGV[at + 2]
  at = at + 9 + ARGV[at + 7]
end

-- The only thing that can be wrong with a plain record is the type of its key: then nothing is written.
local function write_record(first, last)
  local key = KEYS[tonumber(ARGV[first])]
  local written = redis.pcall('HSET', key, unpack(ARGV, first + 2, last))
  if type(written) == 'table' then
    return 'fault', key .. ': ' .. written.err
  end
  if ARGV[first + 1] ~= '' then
    redis.call('PEXPIRE', key, ARGV[first + 1])
  end
  return 'ok', nil
end

-- Last, when nothing else can refuse the item. Returns 'ok' | 'rejected', reason | 'fault', detail.
local function write_or_plan(start)
  local kind = ARGV[start + 8]
  if kind == 'r' then
    return write_record(start + 9, start + 8 + ARGV[start + 7])
  elseif kind == 'e' then
    return apply_effects(start + 10, tonumber(ARGV[start + 9]))
  end
  return 'ok', nil
end

local known = recall(prefix .. 'ids:', generation, buckets, fields)
local reply, accepted, fingerprints, seen, position = {}, {}, {}, {}, {}
for i = 1, count do
  local start = starts[i]
  local issued_at, fingerprint = tonumber(ARGV[start + 3]), ARGV[start + 4]
  local address = buckets[i] .. ' ' .. fields[i]
  local earlier = known[i] or seen[address]
  if issued_at and issued_at > now_ms + future then
    reply[i] = 'FROM_FUTURE'
  elseif issued_at and horizon > 0 and issued_at < now_ms - horizon then
    reply[i] = 'TOO_OLD'
  elseif earlier then
    reply[i] = earlier == fingerprint and 'DUPLICATE' or 'CONFLICT'
  else
    local status, detail = write_or_plan(start)
    if status == 'ok' then
      seen[address] = fingerprint
      fingerprints[i] = fingerprint
      accepted[#accepted + 1] = { ARGV[start], address, ARGV[start + 5], ARGV[start + 6] }
      position[#accepted] = i
    else
      reply[i] = (status == 'rejected' and 'REFUSED' or 'FAULT') .. detail
    end
  end
end

if #accepted > 0 then
  remember(prefix .. 'ids:', generation, buckets, fields, fingerprints)
  write_effects()
  for k, entry in ipairs(append(prefix, accepted)) do
    reply[position[k]] = entry
  end
elseif ARGV[4] == '1' then
  redis.call('SET', prefix .. 'touch', integer_text(now_ms))
end
return reply
