-- A dead letter has a field for each thing to be known of it: i id, a address, h headers, b body, r error, n failures,
-- t takeovers, p pod, f fence, e entry it had.
local function letter_of(entry)
  local letter, fields = {}, entry[2]
  for i = 1, #fields, 2 do
    letter[fields[i]] = fields[i + 1]
  end
  return letter
end
