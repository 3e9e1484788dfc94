-- Reading entries of a backlog. An entry has one field, `m`, and one text in it:
--   <bucket> <field> <tab> <id> <tab> <headers> <tab> <body>
-- that is where the id is remembered, and then the line that subscribers hear.

-- Bucket, field and id of a text; nothing when somebody else wrote it by hand: what has no id or address cannot be
-- processed and must not stop the rest.
local function address_and_id(text)
  return string.match(text, '^(%S+) ([^\t]+)\t([^\t]+)\t[^\t]*\t')
end

-- The text of an entry, or '' when it is none of ours.
local function text_of(entry)
  local fields = entry[2]
  return fields[1] == 'm' and fields[2] or ''
end

-- The whole of it: nil when it cannot be read.
local function parse_entry(entry)
  local address, id, headers, body = string.match(text_of(entry), '^(%S+ [^\t]+)\t([^\t]+)\t([^\t]*)\t(.+)$')
  if not address then
    return nil
  end
  return { entry = entry[1], i = id, a = address, h = headers, b = body }
end

local function split_address(address)
  local at = string.find(address, ' ', 1, true)
  return string.sub(address, 1, at - 1), string.sub(address, at + 1)
end
