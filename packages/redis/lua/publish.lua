#!lua
-- publish: accept messages: remember the id, write the publisher's record, append to every group's backlog, ring.
-- KEYS[1] prefix of the channel; derives ids:<bucket>, groups, unrouted, last, touch, <group>:log
-- KEYS[2..] keys of the publisher's own record
-- ARGV[1] horizon, ms (0: none)  [2] how far in the future an id's time may lie, ms  [3] generation, ms
-- ARGV[4] 1 to write something for duplicates, too (finding F6)  [5] number of items
-- then cells (see effects.lua), then per item: id, bucket, field, issued at (ms, '' when the id carries no time),
-- fingerprint, headers, body, number of the arguments that follow, number of effects, effects
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
  at = at + 8 + tonumber(ARGV[at + 7])
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
    local status, detail = apply_effects(start + 9, tonumber(ARGV[start + 8]))
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
