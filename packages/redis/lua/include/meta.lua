-- `meta`, only for messages that failed or were taken over: <failures>|<takeovers>|<late reports>|<entry>|<fence that was
-- reported last: failed or given back>|<error>.
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
