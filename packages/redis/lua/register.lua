#!lua flags=allow-oom
-- register: fix the layout of a channel, and add a group to it. Idempotent.
-- KEYS[1] prefix of the channel; derives layout, groups, unrouted, pruned, <group>:log
-- ARGV[1] layout version  [2] slice, ms  [3] buckets for ids without a time  [4] generation, ms  [5] horizon, ms
-- ARGV[6] group, '' for none  [7] 1 to take over what was published before there was any group
-- Returns the layout in force: { version, slice, buckets, generation }. The first to come decides, so that all pods
-- compute the same addresses.
--@include time

local prefix = KEYS[1]
local layout = prefix .. 'layout'
if redis.call('EXISTS', layout) == 0 then
  redis.call('HSET', layout, 'version', ARGV[1], 'slice', ARGV[2], 'buckets', ARGV[3], 'generation', ARGV[4])
  local generation = tonumber(ARGV[4])
  redis.call('HSET', prefix .. 'pruned', 'slice',
    string.format('%.0f', math.floor((now_ms - tonumber(ARGV[5]) - 120000) / tonumber(ARGV[2]))),
    'generation', generation > 0 and string.format('%.0f', math.floor(now_ms / generation)) or '0', 'bucket', '0')
end
local group = ARGV[6]
if group ~= '' and redis.call('SADD', prefix .. 'groups', group) == 1 and ARGV[7] == '1' then
  local log = prefix .. group .. ':log'
  if redis.call('EXISTS', prefix .. 'unrouted') == 1 and redis.call('EXISTS', log) == 0 then
    redis.call('RENAME', prefix .. 'unrouted', log)
  end
end
return redis.call('HMGET', layout, 'version', 'slice', 'buckets', 'generation')
