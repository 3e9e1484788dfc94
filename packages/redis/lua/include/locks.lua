-- A lock is the string <fence>|<nonce>|<pod> with a TTL. `held` remembers who was handed a message last and has not
-- reported: <fence>|<nonce>|<pod>|<attempt>|<since, ms>|<entry>. An entry in `held` without a lock is a vanished owner.
-- `meta`, only for messages that failed or were taken over: <failures>|<takeovers>|<late reports>|<entry>|<fence of the
-- last failure>|<error>.
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
    return { failures = 0, takeovers = 0, late = 0, entry = '', fence = '', reason = '' }
  end
  local failures, takeovers, late, entry, fence, reason =
    string.match(value, '^(%d+)|(%d+)|(%d+)|([%d-]*)|(%d*)|(.*)$')
  return {
    failures = tonumber(failures),
    takeovers = tonumber(takeovers),
    late = tonumber(late),
    entry = entry,
    fence = fence,
    reason = reason,
  }
end

local function save_meta(prefix, id, meta)
  local fields = { meta.failures, meta.takeovers, meta.late, meta.entry, meta.fence, meta.reason }
  redis.call('HSET', prefix .. 'meta', id, table.concat(fields, '|'))
end

-- An owner that reports after its message was taken over was slow, not dead. Only that lets the TTL grow: owners that
-- are killed one after the other never report, and must not keep the message waiting.
local function count_late_report(prefix, id)
  local known = redis.call('HGET', prefix .. 'meta', id)
  if known then
    local meta = parse_meta(known)
    meta.late = meta.late + 1
    save_meta(prefix, id, meta)
  end
end

-- Fencing tokens rise for ever, also after a failover that lost the last ones: never below the clock in
-- microseconds (finding F7). Hands out `count` of them; returns the one before the first.
local function fences(prefix, count)
  local last = tonumber(redis.call('GET', prefix .. 'fence') or '0')
  local before = math.max(last, now_us)
  redis.call('SET', prefix .. 'fence', integer_text(before + count))
  return before
end
