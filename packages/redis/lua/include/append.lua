-- Appends messages to the backlog of every group of a channel under the same entry id, and rings once for all.
-- Derived from the channel's prefix: groups, unrouted, last, <group>:log; the Pub/Sub channel is the prefix
-- without its last colon.

-- A PUBLISH carries at most about this many bytes: one huge message would hold up every subscriber's socket.
local MAX_PUBLISH_BYTES = 131072

-- Hands out entry ids that rise across all groups of the channel, also after the clock stepped back.
local function entry_ids(prefix, count)
  local last = redis.call('GET', prefix .. 'last')
  local head, sequence = integer_text(now_ms) .. '-', -1
  if last then
    local last_ms, last_sequence = string.match(last, '^(%d+)-(%d+)$')
    if tonumber(last_ms) >= now_ms then
      head, sequence = last_ms .. '-', tonumber(last_sequence)
    end
  end
  local ids = {}
  for i = 1, count do
    ids[i] = head .. (sequence + i)
  end
  redis.call('SET', prefix .. 'last', ids[count])
  return ids
end

-- The entry id is ours to choose, so this fails only if somebody wrote to the log by hand: then the log chooses, the
-- envelope names another entry than the log, and the leftover goes when it is next looked at. It must not fail the
-- script, which has written before (finding F2).
local function add_entry(log, entry, text)
  local added = redis.pcall('XADD', log, entry, 'm', text)
  if type(added) == 'table' and added.err then
    redis.call('XADD', log, '*', 'm', text)
  end
end

-- Addresses are '<bucket> <field>', lines '<id> <tab> <headers> <tab> <body>'. Returns the entry ids.
local function append(prefix, addresses, messages)
  local count = #messages
  if count == 0 then
    return {}
  end
  local entries = entry_ids(prefix, count)
  local logs = redis.call('SMEMBERS', prefix .. 'groups')
  for i = 1, #logs do
    logs[i] = prefix .. logs[i] .. ':log'
  end
  if #logs == 0 then
    logs[1] = prefix .. 'unrouted'
  end
  local log_count = #logs
  local heard, size, bytes = { '1' }, 1, 0
  for i = 1, count do
    local entry, line = entries[i], messages[i]
    local text = addresses[i] .. '\t' .. line
    for k = 1, log_count do
      add_entry(logs[k], entry, text)
    end
    heard[size + 1], heard[size + 2], heard[size + 3], heard[size + 4] = '\n', entry, '\t', line
    size = size + 4
    bytes = bytes + #line
    if bytes > MAX_PUBLISH_BYTES or i == count then
      -- Nothing depends on it: a right that is missing must not leave the rest half done (finding F2).
      redis.pcall('PUBLISH', string.sub(prefix, 1, -2), table.concat(heard))
      heard, size, bytes = { '1' }, 1, 0
    end
  end
  return entries
end
