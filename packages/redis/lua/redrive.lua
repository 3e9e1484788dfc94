#!lua flags=allow-oom
-- redrive: send dead letters back into the backlog: same id, counters at zero.
-- KEYS[1] prefix of the group; derives dead, dead-index, done:<bucket>, meta, log    KEYS[2] prefix of the channel
-- ARGV[1] generation, ms, then ids
-- Returns the ids sent back. A letter whose id was processed meanwhile is removed and not sent back.
--@include time
--@include remembered
--@include entries
--@include letters
--@include append
--@include ring

local prefix, channel = KEYS[1], KEYS[2]
local generation = generation_of(now_ms, tonumber(ARGV[1]))
local sent = {}
for i = 2, #ARGV do
  local id = ARGV[i]
  local letter_id = redis.call('HGET', prefix .. 'dead-index', id)
  local letter = letter_id and redis.call('XRANGE', prefix .. 'dead', letter_id, letter_id)[1]
  if letter then
    local message = letter_of(letter)
    local bucket, field = split_address(message.a)
    local outcome = recall(prefix .. 'done:', generation, { bucket }, { field })[1]
    if not outcome or outcome == 'D' then
      redis.call('HDEL', bucket_key(prefix .. 'done:', generation, bucket), field)
      if string.byte(bucket) == 104 and generation > 0 then
        redis.call('HDEL', bucket_key(prefix .. 'done:', generation - 1, bucket), field)
      end
      local text = { message.a, id, message.h, message.b }
      append_to(channel, { prefix .. 'log' }, { table.concat(text, '\t') })
      sent[#sent + 1] = id
    end
    redis.call('XDEL', prefix .. 'dead', letter_id)
    redis.call('HDEL', prefix .. 'dead-index', id)
    redis.call('HDEL', prefix .. 'meta', id)
  end
end
if #sent > 0 then
  ring(channel)
end
return sent
