#!lua flags=allow-oom
-- prune: forget ids of which no copy can come back, in chunks.
-- KEYS[1] prefix of the channel; derives layout, groups, pruned, ids:<bucket>, <group>:log, <group>:done:<bucket>
-- ARGV[1] horizon, ms (0: remember for ever)  [2] most buckets per call
-- Returns { keys removed, 1 when nothing is left to do }.
-- Rule: a bucket of time goes when (a) publish refuses its ids as too old and (b) no group's backlog holds an entry
-- so old that its id could lie in it. An outage of any length keeps ids: that is why buckets have no EXPIRE.
-- 60 s of slack each for clock steps and for ids issued slightly ahead.
--@include time

local prefix = KEYS[1]
local horizon, most = tonumber(ARGV[1]), tonumber(ARGV[2])
if horizon == 0 then
  return { 0, 1 }
end
local groups = redis.call('SMEMBERS', prefix .. 'groups')
local oldest = now_ms
local logs = { prefix .. 'unrouted' }
for _, group in ipairs(groups) do
  logs[#logs + 1] = prefix .. group .. ':log'
end
for _, log in ipairs(logs) do
  local head = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
  if head then
    oldest = math.min(oldest, tonumber(string.match(head[1], '^%d+')))
  end
end

local function forget(bucket)
  local keys = { prefix .. 'ids:' .. bucket }
  for _, group in ipairs(groups) do
    keys[#keys + 1] = prefix .. group .. ':done:' .. bucket
  end
  return redis.call('UNLINK', unpack(keys))
end

local slice_ms, buckets, generation_ms =
  unpack(redis.call('HMGET', prefix .. 'layout', 'slice', 'buckets', 'generation'))
if not slice_ms then
  return { 0, 1 }
end
local pruned = prefix .. 'pruned'
local slice, generation, bucket = unpack(redis.call('HMGET', pruned, 'slice', 'generation', 'bucket'))
slice, generation, bucket = tonumber(slice), tonumber(generation), tonumber(bucket)
local removed, steps = 0, 0

local first_kept = math.floor((oldest - horizon - 120000) / tonumber(slice_ms))
while slice < first_kept and steps < most do
  removed = removed + forget('s' .. integer_text(slice))
  slice, steps = slice + 1, steps + 1
end

-- Generation g is asked for until g + 1 is over, and as long as an entry of its time waits.
local first_generation = math.floor(oldest / tonumber(generation_ms)) - 1
while generation < first_generation and steps < most do
  removed = removed + forget(generation .. 'h' .. bucket)
  bucket, steps = bucket + 1, steps + 1
  if bucket >= tonumber(buckets) then
    generation, bucket = generation + 1, 0
  end
end
redis.call('HSET', pruned, 'slice', integer_text(slice), 'generation', integer_text(generation), 'bucket', integer_text(bucket))
return { removed, (slice >= first_kept and generation >= first_generation) and 1 or 0 }
