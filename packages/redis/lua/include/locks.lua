-- A lock is the string <fence>|<nonce>|<pod> with a TTL. `held` remembers who was handed a message last and has not
-- reported: <fence>|<nonce>|<pod>|<attempt>|<since, ms>|<entry>. An entry in `held` without a lock is a vanished owner.
-- `meta`, only for messages that failed or were taken over: <failures>|<takeovers>|<entry>|<fence of the last
-- failure>|<error>.
local function token_of(fence, nonce, pod)
  return fence .. '|' .. nonce .. '|' .. pod
end

local function parse_token(value)
  return string.match(value, '^(%d+)|([^|]*)|([^|]*)')
end

local function held_of(token, attempt, entry)
  return token .. '|' .. attempt .. '|' .. integer_text(now_ms) .. '|' .. entry
end

local function parse_meta(value)
  if not value then
    return 0, 0, nil, '', ''
  end
  local failures, takeovers, entry, fence, reason = string.match(value, '^(%d+)|(%d+)|([%d-]*)|(%d*)|(.*)$')
  return tonumber(failures), tonumber(takeovers), entry, fence, reason
end

local function format_meta(failures, takeovers, entry, fence, reason)
  return failures .. '|' .. takeovers .. '|' .. entry .. '|' .. fence .. '|' .. reason
end

-- Fencing tokens rise for ever, also after a failover that lost the last ones: never below the clock in
-- microseconds (finding F7). Hands out `count` of them; returns the one before the first.
local function fences(prefix, count)
  local last = tonumber(redis.call('GET', prefix .. 'fence') or '0')
  local before = math.max(last, now_us)
  redis.call('SET', prefix .. 'fence', integer_text(before + count))
  return before
end
