#!lua flags=allow-oom
-- pull: hand out the next messages that were never handed out by pull, with their bodies.
-- KEYS[1] prefix of the group; derives log, cur, done:<bucket>, lock:<id>, held, retry, fence
-- ARGV[1] pod  [2] lock TTL, ms  [3] nonce  [4] generation, ms  [5] most messages
-- Returns the fence before the first one, then per message: entry, text (see entries.lua); the fences rise by one
-- from message to message. Costs O(messages), however many are in flight. What a lost answer took stays locked until the
-- TTL is over, and then belongs to claim-due.
--@include time
--@include remembered
--@include locks
--@include fences
--@include entries

local prefix, pod, ttl, nonce = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local generation = generation_of(now_ms, tonumber(ARGV[4]))
local limit = tonumber(ARGV[5])

local started_at = redis.call('GET', prefix .. 'cur')
local cursor = started_at
local won, won_count, won_ids, won_entries, won_locks, taken, leftover = {}, 0, {}, {}, {}, {}, {}
while won_count < limit do
  local wanted = limit - won_count
  local entries = redis.call('XRANGE', prefix .. 'log', cursor and '(' .. cursor or '-', '+', 'COUNT', wanted)
  if #entries == 0 then
    break
  end
  cursor = entries[#entries][1]
  local found, texts, buckets, fields, locks, ids = {}, {}, {}, {}, {}, {}
  local n = 0
  for k = 1, #entries do
    local text = text_of(entries[k])
    local bucket, field, id = address_and_id(text)
    if id then
      n = n + 1
      found[n], texts[n], buckets[n], fields[n], ids[n] = entries[k][1], text, bucket, field, id
      locks[n] = prefix .. 'lock:' .. id
    end
  end
  if n > 0 then
    local done = recall(prefix .. 'done:', generation, buckets, fields)
    local owners = redis.call('MGET', unpack(locks))
    local held = redis.call('HMGET', prefix .. 'held', unpack(ids))
    local waiting = redis.call('EXISTS', prefix .. 'retry') == 1
      and redis.call('ZMSCORE', prefix .. 'retry', unpack(ids))
    for i = 1, n do
      local id = ids[i]
      if done[i] then
        leftover[#leftover + 1] = found[i]
      elseif not owners[i] and not held[i] and not (waiting and waiting[i]) and not taken[id] then
        taken[id] = true
        won_count = won_count + 1
        won[won_count], won_ids[won_count] = texts[i], id
        won_entries[won_count], won_locks[won_count] = found[i], locks[i]
      end
    end
  end
  if #entries < wanted then -- the end of the log
    break
  end
end

local reply, marks = { '0' }, {}
if won_count > 0 then
  local before = fences(prefix, won_count)
  local tokens = tokens_after(before, won_count, nonce, pod)
  reply[1] = integer_text(before)
  for k = 1, won_count do
    redis.call('SET', won_locks[k], tokens[k], 'PX', ttl)
    marks[2 * k - 1] = won_ids[k]
    marks[2 * k] = held_of(tokens[k], '1', won_entries[k])
    reply[2 * k], reply[2 * k + 1] = won_entries[k], won[k]
  end
  redis.call('HSET', prefix .. 'held', unpack(marks))
end
if #leftover > 0 then
  redis.call('XDEL', prefix .. 'log', unpack(leftover))
end
if cursor ~= started_at then
  redis.call('SET', prefix .. 'cur', cursor)
end
return reply
