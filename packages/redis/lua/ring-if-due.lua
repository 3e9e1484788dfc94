#!lua flags=allow-oom
-- ring-if-due: ring when a retry is due, so that it does not wait for the next sweep.
-- KEYS[1] prefix of the group; derives retry    KEYS[2] prefix of the channel, for its Pub/Sub channels
-- Returns 1 when it rang, else 0.
--@include time
--@include ring

local due = redis.call('ZRANGEBYSCORE', KEYS[1] .. 'retry', '-inf', integer_text(now_ms), 'LIMIT', 0, 1)
if #due == 0 then
  return 0
end
ring(KEYS[2])
return 1
