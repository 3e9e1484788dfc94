-- The server's clock is the only one that judges.
local clock = redis.call('TIME')
local now_ms = clock[1] * 1000 + math.floor(clock[2] / 1000)
local now_us = clock[1] * 1000000 + clock[2]

-- Doubles hold integers exactly up to 2^53; Lua's own conversion would print 1.7e+15. What fits in any C long goes
-- the quick way: %.0f takes half a microsecond.
local function integer_text(number)
  if number < 2147483648 and number > -2147483648 then
    return string.format('%d', number)
  end
  return string.format('%.0f', number)
end
