-- Reading entries of a backlog.
local function parse_entry(entry)
  local fields = entry[2]
  -- As append writes them.
  if #fields == 8 and fields[1] == 'i' and fields[3] == 'a' and fields[5] == 'h' and fields[7] == 'b' then
    return { entry = entry[1], i = fields[2], a = fields[4], h = fields[6], b = fields[8] }
  end
  local message = { entry = entry[1] }
  for i = 1, #fields, 2 do
    message[fields[i]] = fields[i + 1]
  end
  return message
end

-- An address is '<bucket> <field>': where the id is remembered.
local function split_address(address)
  local at = string.find(address, ' ', 1, true)
  return string.sub(address, 1, at - 1), string.sub(address, at + 1)
end

-- Splits off entries that somebody else wrote into the log by hand: an entry without id or address cannot be
-- processed and must not stop the rest.
local function readable(message)
  return message.i and message.a and message.h and message.b and string.find(message.a, ' ', 1, true)
end
