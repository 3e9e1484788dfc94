-- Effects: changes of the caller's own keys, all checked before the first write, since a script that fails half
-- way is not rolled back (finding F2).
--
-- A cell is one field of one hash. All cells a batch touches are read at the start, one HMGET per hash; effects
-- work on the copies, so an item sees what the items before it did; what changed is written at the end, one HSET
-- per hash. An item that fails a guard is undone in the copies and has touched nothing.
local cells = {} -- current value: string, number, or false when missing
local originals = {}
local cell_fields = {}
local hashes = {} -- { key, first cell, last cell }
local cell_faults = {} -- cell -> text, when its key holds something else than a hash
local key_faults = {} -- key index -> text, for keys of other types
local later = {} -- writes without a cell, in order: each a table of call arguments

-- Lua's stack bounds how many arguments one call can be given.
local MOST_FIELDS = 1000

local MAX_INTEGER = 9007199254740991

local function integer_of(value)
  if type(value) == 'number' then
    return value
  end
  if #value > 17 or not string.find(value, '^-?%d+$') then
    return nil
  end
  local number = tonumber(value)
  if number > MAX_INTEGER or number < -MAX_INTEGER then
    return nil
  end
  return number
end

-- Reads the cells declared at ARGV[at]: number of hashes, then per hash: key index, number of fields, fields;
-- number of other keys, then per key: key index, type. Returns where the items begin.
local function load_cells(at)
  local hash_count = tonumber(ARGV[at])
  at = at + 1
  for _ = 1, hash_count do
    local key = KEYS[tonumber(ARGV[at])]
    local field_count = tonumber(ARGV[at + 1])
    local first = #cells + 1
    for done = 0, field_count - 1, MOST_FIELDS do
      local chunk = math.min(MOST_FIELDS, field_count - done)
      local values = redis.pcall('HMGET', key, unpack(ARGV, at + 2 + done, at + 1 + done + chunk))
      for i = 1, chunk do
        local cell = first + done + i - 1
        cell_fields[cell] = ARGV[at + 1 + done + i]
        if values.err then
          cells[cell] = false
          cell_faults[cell] = key .. ': ' .. values.err
        else
          cells[cell] = values[i]
        end
        originals[cell] = cells[cell]
      end
    end
    hashes[#hashes + 1] = { key, first, first + field_count - 1 }
    at = at + 2 + field_count
  end
  local other_count = tonumber(ARGV[at])
  at = at + 1
  for _ = 1, other_count do
    local index = tonumber(ARGV[at])
    local found = redis.call('TYPE', KEYS[index]).ok
    if found ~= 'none' and ARGV[at + 1] ~= '*' and found ~= ARGV[at + 1] then
      key_faults[index] = KEYS[index] .. ' is a ' .. found .. ', no ' .. ARGV[at + 1]
    end
    at = at + 2
  end
  return at
end

-- Applies `count` effects declared at ARGV[at] to the copies.
-- Returns 'ok' | 'rejected', reason | 'fault', detail; unless ok, nothing has changed.
local function apply_effects(at, count)
  local journal = {}
  local later_before = #later
  local status, detail = 'ok', nil

  local function set(cell, value)
    journal[#journal + 1] = { cell, cells[cell] }
    cells[cell] = value
  end

  for _ = 1, count do
    local op = ARGV[at]
    local target = tonumber(ARGV[at + 1])
    if op == 't' or op == 'a' or op == 'p' or op == 'd' or op == 'q' then
      local value = cells[target]
      if cell_faults[target] then
        status, detail = 'fault', cell_faults[target]
      elseif op == 't' then -- take: cell, amount, reason if missing, reason if short
        local amount = tonumber(ARGV[at + 2])
        if value == false then
          status, detail = 'rejected', ARGV[at + 3]
        else
          local number = integer_of(value)
          if not number then
            status, detail = 'fault', cell_fields[target] .. ' holds no integer'
          elseif number < amount then
            status, detail = 'rejected', ARGV[at + 4]
          else
            set(target, number - amount)
          end
        end
        at = at + 5
      elseif op == 'a' then -- add: cell, amount
        local number = value == false and 0 or integer_of(value)
        local sum = number and number + tonumber(ARGV[at + 2])
        if not sum or sum > MAX_INTEGER or sum < -MAX_INTEGER then
          status, detail = 'fault', cell_fields[target] .. ' holds no integer, or would overflow'
        else
          set(target, sum)
        end
        at = at + 3
      elseif op == 'p' then -- put: cell, value
        set(target, ARGV[at + 2])
        at = at + 3
      elseif op == 'd' then -- remove: cell
        set(target, false)
        at = at + 2
      else -- require: cell, test, value, reason otherwise
        local test, bound = ARGV[at + 2], ARGV[at + 3]
        local holds = value == false
        if not holds and test == 'same-or-absent' then
          holds = tostring(value) == bound
        elseif not holds and test == 'below-or-absent' then
          local number = integer_of(value)
          if not number then
            status, detail = 'fault', cell_fields[target] .. ' holds no integer'
          end
          holds = number and number < tonumber(bound)
        end
        if not holds and status == 'ok' then
          status, detail = 'rejected', ARGV[at + 4]
        end
        at = at + 5
      end
    else
      if key_faults[target] then
        status, detail = 'fault', key_faults[target]
      elseif op == 'x' then -- expire: key, ttl ms
        later[#later + 1] = { 'PEXPIRE', KEYS[target], ARGV[at + 2] }
        at = at + 3
      elseif op == 's' then -- add member: key, member
        later[#later + 1] = { 'SADD', KEYS[target], ARGV[at + 2] }
        at = at + 3
      elseif op == 'S' then -- remove member: key, member
        later[#later + 1] = { 'SREM', KEYS[target], ARGV[at + 2] }
        at = at + 3
      elseif op == 'z' then -- rank: key, score, member
        later[#later + 1] = { 'ZADD', KEYS[target], ARGV[at + 2], ARGV[at + 3] }
        at = at + 4
      elseif op == 'l' then -- push: key, value
        later[#later + 1] = { 'RPUSH', KEYS[target], ARGV[at + 2] }
        at = at + 3
      else
        status, detail = 'fault', 'unknown effect ' .. op
      end
    end
    if status ~= 'ok' then
      for i = #journal, 1, -1 do
        cells[journal[i][1]] = journal[i][2]
      end
      for i = #later, later_before + 1, -1 do
        later[i] = nil
      end
      return status, detail
    end
  end
  return 'ok', nil
end

local function call_in_chunks(command, key, arguments)
  for first = 1, #arguments, 2 * MOST_FIELDS do
    redis.call(command, key, unpack(arguments, first, math.min(#arguments, first + 2 * MOST_FIELDS - 1)))
  end
end

local function write_effects()
  for _, hash in ipairs(hashes) do
    local changed, removed = {}, {}
    for cell = hash[2], hash[3] do
      local value = cells[cell]
      if value ~= originals[cell] then
        if value == false then
          removed[#removed + 1] = cell_fields[cell]
        else
          changed[#changed + 1] = cell_fields[cell]
          changed[#changed + 1] = type(value) == 'number' and string.format('%.0f', value) or value
        end
      end
    end
    call_in_chunks('HSET', hash[1], changed)
    call_in_chunks('HDEL', hash[1], removed)
  end
  for _, arguments in ipairs(later) do
    redis.call(unpack(arguments))
  end
end
