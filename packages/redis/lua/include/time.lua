-- The server's clock is the only one that judges.
local clock = redis.call('TIME')
local now_ms = clock[1] * 1000 + math.floor(clock[2] / 1000)
local now_us = clock[1] * 1000000 + clock[2]

-- Doubles hold integers exactly up to 2^53; Lua's own conversion would print 1.7e+15.
local function integer_text(number)
  return string.format('%.0f', number)
end
