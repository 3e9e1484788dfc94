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
local program = ARGV -- where declarations and effects are read; a script with packed arguments puts them here

-- What it takes to undo: which cells changed, in order, and what they held.
local journal_cells, journal_values, journal_size = {}, {}, 0

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

-- Reads the cells declared at program[at]: number of hashes, then per hash: key index, number of fields, fields;
-- number of other keys, then per key: key index, type. Returns where the items begin.
local function load_cells(at)
  local hash_count = tonumber(program[at])
  at = at + 1
  for _ = 1, hash_count do
    local key = KEYS[tonumber(program[at])]
    local field_count = tonumber(program[at + 1])
    local first = #cells + 1
    for done = 0, field_count - 1, MOST_FIELDS do
      local chunk = math.min(MOST_FIELDS, field_count - done)
      local values = redis.pcall('HMGET', key, unpack(program, at + 2 + done, at + 1 + done + chunk))
      for i = 1, chunk do
        local cell = first + done + i - 1
        cell_fields[cell] = program[at + 1 + done + i]
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
  local other_count = tonumber(program[at])
  at = at + 1
  for _ = 1, other_count do
    local index = tonumber(program[at])
    local found = redis.call('TYPE', KEYS[index]).ok
    if found ~= 'none' and program[at + 1] ~= '*' and found ~= program[at + 1] then
      key_faults[index] = KEYS[index] .. ' is a ' .. found .. ', no ' .. program[at + 1]
    end
    at = at + 2
  end
  return at
end

local function set_cell(cell, value)
  journal_size = journal_size + 1
  journal_cells[journal_size], journal_values[journal_size] = cell, cells[cell]
  cells[cell] = value
end

-- Undoes what was applied since journal_size and #later were these.
local function undo_effects(size, later_size)
  for i = journal_size, size + 1, -1 do
    cells[journal_cells[i]] = journal_values[i]
  end
  journal_size = size
  for i = #later, later_size + 1, -1 do
    later[i] = nil
  end
end

-- Applies `count` effects declared at program[at] to the copies.
-- Returns 'ok', position behind them | 'rejected', reason | 'fault', detail; unless ok, nothing has changed.
local function apply_effects(at, count)
  local size_before, later_before = journal_size, #later
  local status, detail = 'ok', nil

  for _ = 1, count do
    local op = program[at]
    local target = tonumber(program[at + 1])
    if op == 't' or op == 'a' or op == 'p' or op == 'd' or op == 'q' then
      local value = cells[target]
      if cell_faults[target] then
        status, detail = 'fault', cell_faults[target]
      elseif op == 't' then -- take: cell, amount, reason if missing, reason if short
        local amount = tonumber(program[at + 2])
        if value == false then
          status, detail = 'rejected', program[at + 3]
        else
          local number = integer_of(value)
          if not number then
            status, detail = 'fault', cell_fields[target] .. ' holds no integer'
          elseif number < amount then
            status, detail = 'rejected', program[at + 4]
          else
            set_cell(target, number - amount)
          end
        end
        at = at + 5
      elseif op == 'a' then -- add: cell, amount
        local number = value == false and 0 or integer_of(value)
        local sum = number and number + tonumber(program[at + 2])
        if not sum or sum > MAX_INTEGER or sum < -MAX_INTEGER then
          status, detail = 'fault', cell_fields[target] .. ' holds no integer, or would overflow'
        else
          set_cell(target, sum)
        end
        at = at + 3
      elseif op == 'p' then -- put: cell, value
        set_cell(target, program[at + 2])
        at = at + 3
      elseif op == 'd' then -- remove: cell
        set_cell(target, false)
        at = at + 2
      else -- require: cell, test, value, reason otherwise
        local test, bound = program[at + 2], program[at + 3]
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
          status, detail = 'rejected', program[at + 4]
        end
        at = at + 5
      end
    else
      if key_faults[target] then
        status, detail = 'fault', key_faults[target]
      elseif op == 'x' then -- expire: key, ttl ms
        later[#later + 1] = { 'PEXPIRE', KEYS[target], program[at + 2] }
        at = at + 3
      elseif op == 's' then -- add member: key, member
        later[#later + 1] = { 'SADD', KEYS[target], program[at + 2] }
        at = at + 3
      elseif op == 'S' then -- remove member: key, member
        later[#later + 1] = { 'SREM', KEYS[target], program[at + 2] }
        at = at + 3
      elseif op == 'z' then -- rank: key, score, member
        later[#later + 1] = { 'ZADD', KEYS[target], program[at + 2], program[at + 3] }
        at = at + 4
      elseif op == 'l' then -- push: key, value
        later[#later + 1] = { 'RPUSH', KEYS[target], program[at + 2] }
        at = at + 3
      else
        status, detail = 'fault', 'unknown effect ' .. op
      end
    end
    if status ~= 'ok' then
      undo_effects(size_before, later_before)
      return status, detail
    end
  end
  return 'ok', at
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
          changed[#changed + 1] = type(value) == 'number' and integer_text(value) or value
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
