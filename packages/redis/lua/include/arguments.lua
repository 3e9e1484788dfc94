-- All arguments of a call travel as one packed list: the server takes it apart in half the time that as many ARGV
-- need. Columns of it (all ids, all fields) go to variadic commands with unpack(), without a table in between.
local arguments = cmsgpack.unpack(ARGV[1])

-- `count` values from position `from` on, as a table of their own.
local function column(from, count)
  return { unpack(arguments, from, from + count - 1) }
end

-- Buckets come as runs, since neighbours mostly share one: number of runs, then per run bucket and length. Returns
-- the bucket of each item, and the position behind the runs.
local function read_buckets(at)
  local buckets, n = {}, 0
  local last = at + 2 * arguments[at]
  for run = at + 1, last, 2 do
    local bucket = arguments[run]
    for _ = 1, arguments[run + 1] do
      n = n + 1
      buckets[n] = bucket
    end
  end
  return buckets, last + 1
end
