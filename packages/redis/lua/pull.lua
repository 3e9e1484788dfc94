#!lua flags=allow-oom
-- pull: hand out the next messages that were never handed out by pull, with their bodies.
-- KEYS[1] prefix of the group; derives log, cur, done:<bucket>, lock:<id>, held, retry, fence
-- ARGV[1] pod  [2] lock TTL, ms  [3] nonce  [4] generation, ms  [5] most messages
-- Returns the fence before the first one, then per message: id, entry, headers, body; the fences rise by one from
-- message to message. Costs O(messages), however many are in flight. What a lost answer took stays locked until the
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
local won, won_locks, taken, leftover = {}, {}, {}, {}
while #won < limit do
  local wanted = limit - #won
  local entries = redis.call('XRANGE', prefix .. 'log', cursor and '(' .. cursor or '-', '+', 'COUNT', wanted)
  if #entries == 0 then
    break
  end
  cursor = entries[#entries][1]
  local messages, buckets, fields, locks, ids = {}, {}, {}, {}, {}
  local n = 0
  for k = 1, #entries do
    local message = parse_entry(entries[k])
    if readable(message) then
      n = n + 1
      messages[n] = message
      ids[n] = message.i
      buckets[n], fields[n] = split_address(message.a)
      locks[n] = prefix .. 'lock:' .. message.i
    end
  end
  if n > 0 then
    local done = recall(prefix .. 'done:', generation, buckets, fields)
    local owners = redis.call('MGET', unpack(locks))
    local held = redis.call('HMGET', prefix .. 'held', unpack(ids))
    local waiting = redis.call('ZMSCORE', prefix .. 'retry', unpack(ids))
    for i = 1, n do
      local message = messages[i]
      if done[i] then
        leftover[#leftover + 1] = message.entry
      elseif not owners[i] and not held[i] and not waiting[i] and not taken[message.i] then
        taken[message.i] = true
        won[#won + 1] = message
        won_locks[#won] = locks[i]
      end
    end
  end
  if #entries < wanted then -- the end of the log
    break
  end
end

local reply, marks = { '0' }, {}
if #won > 0 then
  local before = fences(prefix, #won)
  local tokens = tokens_after(before, #won, nonce, pod)
  reply[1] = integer_text(before)
  local size = 1
  for k, message in ipairs(won) do
    redis.call('SET', won_locks[k], tokens[k], 'PX', ttl)
    marks[2 * k - 1] = message.i
    marks[2 * k] = held_of(tokens[k], '1', message.entry)
    reply[size + 1], reply[size + 2], reply[size + 3], reply[size + 4] =
      message.i, message.entry, message.h, message.b
    size = size + 4
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
