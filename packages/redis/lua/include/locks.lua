-- A lock is the string <fence>|<nonce>|<pod> with a TTL. `held` remembers who was handed a message last and has not
-- reported: <fence>|<nonce>|<pod>|<attempt>|<since, ms>|<entry>. An entry in `held` without a lock is a vanished owner.
local function token_of(fence, nonce, pod)
  return fence .. '|' .. nonce .. '|' .. pod
end

local function parse_token(value)
  return string.match(value, '^(%d+)|([^|]*)|([^|]*)')
end

local function held_of(token, attempt, entry)
  return token .. '|' .. attempt .. '|' .. integer_text(now_ms) .. '|' .. entry
end

-- Fencing tokens rise for ever, also after a failover that lost the last ones: never below the clock in
-- microseconds (finding F7). Hands out `count` of them; returns the one before the first.
local function fences(prefix, count)
  local last = tonumber(redis.call('GET', prefix .. 'fence') or '0')
  local before = math.max(last, now_us)
  redis.call('SET', prefix .. 'fence', integer_text(before + count))
  return before
end
