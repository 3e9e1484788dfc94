-- Reading entries of a backlog.
local function parse_entry(entry)
  local message = { entry = entry[1] }
  local fields = entry[2]
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
