#!lua flags=allow-oom
-- pull: hand out the next messages that were never handed out by pull, with their bodies.
-- KEYS[1] prefix of the group; derives log, cur, done:<bucket>, lock:<id>, held, retry, fence
-- ARGV[1] pod  [2] lock TTL, ms  [3] nonce  [4] generation, ms  [5] most messages
-- Returns per message: id, entry, headers, body, fence. Costs O(messages), however many are in flight. What a lost
-- answer took stays locked until the TTL is over, and then belongs to claim-due.
--@include time
--@include remembered
--@include locks
--@include entries

local prefix, pod, ttl, nonce = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local generation = generation_of(now_ms, tonumber(ARGV[4]))
local limit = tonumber(ARGV[5])

local cursor = redis.call('GET', prefix .. 'cur')
local reply, marks = {}, {}
local wanted = limit
while wanted > 0 do
  local entries = redis.call('XRANGE', prefix .. 'log', cursor and '(' .. cursor or '-', '+', 'COUNT', wanted)
  if #entries == 0 then
    break
  end
  cursor = entries[#entries][1]
  local messages, buckets, fields, locks, ids = {}, {}, {}, {}, {}
  for _, entry in ipairs(entries) do
    local message = parse_entry(entry)
    if readable(message) then
      local n = #messages + 1
      messages[n] = message
      ids[n] = message.i
      buckets[n], fields[n] = split_address(message.a)
      locks[n] = prefix .. 'lock:' .. message.i
    end
  end
  if #messages > 0 then
    local done = recall(prefix .. 'done:', generation, buckets, fields)
    local owners = redis.call('MGET', unpack(locks))
    local held = redis.call('HMGET', prefix .. 'held', unpack(ids))
    local waiting = redis.call('ZMSCORE', prefix .. 'retry', unpack(ids))
    local free, leftover, taken = {}, {}, {}
    for i, message in ipairs(messages) do
      if done[i] then
        leftover[#leftover + 1] = message.entry
      elseif not owners[i] and not held[i] and not waiting[i] and not taken[message.i] then
        taken[message.i] = true
        free[#free + 1] = i
      end
    end
    if #leftover > 0 then
      redis.call('XDEL', prefix .. 'log', unpack(leftover))
    end
    if #free > 0 then
      local before = fences(prefix, #free)
      for k, i in ipairs(free) do
        local message = messages[i]
        local fence = integer_text(before + k)
        local token = token_of(fence, nonce, pod)
        redis.call('SET', locks[i], token, 'PX', ttl)
        marks[#marks + 1] = message.i
        marks[#marks + 1] = held_of(token, 1, message.entry)
        reply[#reply + 1] = { message.i, message.entry, message.h, message.b, fence }
      end
    end
  end
  wanted = limit - #reply
end
if #marks > 0 then
  redis.call('HSET', prefix .. 'held', unpack(marks))
end
if cursor then
  redis.call('SET', prefix .. 'cur', cursor)
end
return reply
