-- Remembered ids live in small hashes. An id that carries its time is in the bucket of its slice of time, so the
-- ids of one batch mostly share a bucket and one call reads or writes them all. An id without a time is in a
-- bucket named h<n> by a hash of the id, which exists once per generation of the server's clock: what was
-- remembered in this generation or in the one before is known, so for one to two generations.
local function bucket_key(prefix, generation, bucket)
  if string.byte(bucket) == 104 then -- 'h'
    return prefix .. generation .. bucket
  end
  return prefix .. bucket
end

local function generation_of(ms, generation_ms)
  if generation_ms == 0 then -- remembered for ever
    return 0
  end
  return math.floor(ms / generation_ms)
end

-- found[i] is the value remembered for fields[i], or false.
local function recall(prefix, generation, buckets, fields)
  local found = {}
  local count = #buckets
  local i = 1
  while i <= count do
    local bucket = buckets[i]
    if string.byte(bucket) == 104 then
      local value = redis.call('HGET', prefix .. generation .. bucket, fields[i])
      if not value and generation > 0 then
        value = redis.call('HGET', prefix .. (generation - 1) .. bucket, fields[i])
      end
      found[i] = value
      i = i + 1
    else
      local last = i
      while last < count and buckets[last + 1] == bucket do
        last = last + 1
      end
      local values = redis.call('HMGET', prefix .. bucket, unpack(fields, i, last))
      for k = i, last do
        found[k] = values[k - i + 1]
      end
      i = last + 1
    end
  end
  return found
end

-- Remembers values[i] for fields[i]; skips where values[i] is nil or false.
local function remember(prefix, generation, buckets, fields, values)
  local count = #buckets
  local i = 1
  while i <= count do
    local bucket = buckets[i]
    local pairs_of_run = {}
    while i <= count and buckets[i] == bucket do
      if values[i] then
        pairs_of_run[#pairs_of_run + 1] = fields[i]
        pairs_of_run[#pairs_of_run + 1] = values[i]
      end
      i = i + 1
    end
    if #pairs_of_run > 0 then
      redis.call('HSET', bucket_key(prefix, generation, bucket), unpack(pairs_of_run))
    end
  end
end
