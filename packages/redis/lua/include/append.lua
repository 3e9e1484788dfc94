-- Appends messages to the backlog of every group of a channel under the same entry id, and rings once for all.
-- Derived from the channel's prefix: groups, unrouted, last, <group>:log; the Pub/Sub channels are the prefix
-- without its last colon, and bell.

-- A PUBLISH carries at most about this many bytes: one huge message would hold up every subscriber's socket.
local MAX_PUBLISH_BYTES = 131072

-- The entry id of the next message: they rise across all groups of the channel, also after the clock stepped back.
local function next_entry(prefix)
  local last = redis.call('GET', prefix .. 'last')
  if last then
    local last_ms, last_sequence = string.match(last, '^(%d+)-(%d+)$')
    if tonumber(last_ms) >= now_ms then
      return last_ms .. '-' .. integer_text(last_sequence + 1)
    end
  end
  return integer_text(now_ms) .. '-0'
end

-- The entry id is ours to choose, so a log refuses it only if somebody wrote to it by hand, and then only the first of a
-- batch, since nobody writes in between. Then that log chooses, and all logs get what it chose: whatever an envelope
-- names must be this message's own entry, or a commit would remove another's. It must not fail the script, which has
-- written before (finding F2). Returns the entry id.
local function append_first(logs, entry, text)
  for k = 1, #logs do
    local added = redis.pcall('XADD', logs[k], entry, 'm', text)
    if type(added) == 'table' and added.err then
      local chosen = redis.call('XADD', logs[k], '*', 'm', text)
      for j = 1, k - 1 do
        redis.call('XDEL', logs[j], entry)
        redis.call('XADD', logs[j], chosen, 'm', text)
      end
      entry = chosen
    end
  end
  return entry
end

-- Entries of the texts in every log, one behind the other. Returns their ids.
local function append_to(prefix, logs, texts)
  local count = #texts
  local entries = { append_first(logs, next_entry(prefix), texts[1]) }
  local head, sequence = string.match(entries[1], '^(%d+%-)(%d+)$')
  for i = 2, count do
    entries[i] = head .. integer_text(sequence + i - 1)
  end
  for k = 1, #logs do
    local log = logs[k]
    for i = 2, count do
      redis.call('XADD', log, entries[i], 'm', texts[i])
    end
  end
  redis.call('SET', prefix .. 'last', entries[count])
  return entries
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
  local logs = redis.call('SMEMBERS', prefix .. 'groups')
  for i = 1, #logs do
    logs[i] = prefix .. logs[i] .. ':log'
  end
  if #logs == 0 then
    logs[1] = prefix .. 'unrouted'
  end
  local entries = append_to(prefix, logs, texts)
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
