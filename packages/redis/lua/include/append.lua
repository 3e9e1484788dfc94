-- Appends messages to the backlog of every group of a channel under the same entry id, and rings once for all.
-- Derived from the channel's prefix: groups, unrouted, last, <group>:log; the Pub/Sub channels are the prefix
-- without its last colon, and bell.

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

-- Tells subscribers of texts[first..last], whose entries follow one another from `entry` on. Those who race hear all
-- of it, those who pull only a bell: ids and headers, on a channel of its own. `heard` and `bells` are what the caller
-- has joined already, or nil. Nothing depends on it: a right that is missing must not leave the rest half done
-- (finding F2).
local function announce(prefix, entry, texts, first, last, heard, bells)
  heard = heard or table.concat(texts, '\n', first, last)
  if not bells then
    local parts = {}
    for i = first, last do
      parts[#parts + 1] = string.match(texts[i], '^[^\t]*\t([^\t]*\t[^\t]*)')
    end
    bells = table.concat(parts, '\n')
  end
  redis.pcall('PUBLISH', string.sub(prefix, 1, -2), '2 ' .. entry .. '\n' .. heard)
  redis.pcall('PUBLISH', prefix .. 'bell', '2\n' .. bells)
end

-- A text is what an entry holds (see entries.lua). Returns the first entry id; the others follow it.
local function append(prefix, texts, heard, bells)
  local count = #texts
  local entries = entry_ids(prefix, count)
  local logs = redis.call('SMEMBERS', prefix .. 'groups')
  for i = 1, #logs do
    logs[i] = prefix .. logs[i] .. ':log'
  end
  if #logs == 0 then
    logs[1] = prefix .. 'unrouted'
  end
  for k = 1, #logs do
    local log = logs[k]
    for i = 1, count do
      add_entry(log, entries[i], texts[i])
    end
  end
  if heard and #heard <= MAX_PUBLISH_BYTES then
    announce(prefix, entries[1], texts, 1, count, heard, bells)
    return entries[1]
  end
  local first, bytes = 1, 0
  for i = 1, count do
    bytes = bytes + #texts[i]
    if bytes > MAX_PUBLISH_BYTES or i == count then
      announce(prefix, entries[first], texts, first, i)
      first, bytes = i + 1, 0
    end
  end
  return entries[1]
end
