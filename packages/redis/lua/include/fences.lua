-- Fencing tokens rise for ever, also after a failover that lost the last ones: never below the clock in
-- microseconds (finding F7). Hands out `count` of them; returns the one before the first.
local function fences(prefix, count)
  local last = tonumber(redis.call('GET', prefix .. 'fence') or '0')
  local before = math.max(last, now_us)
  redis.call('SET', prefix .. 'fence', integer_text(before + count))
  return before
end

-- `count` tokens from fence `before` + 1 on. The high digits are made into text once per million.
local function tokens_after(before, count, nonce, pod)
  local tokens, tail = {}, '|' .. nonce .. '|' .. pod
  local high, head
  for k = 1, count do
    local number = before + k
    local millions = math.floor(number / 1000000)
    if millions ~= high then
      high, head = millions, integer_text(millions)
    end
    tokens[k] = string.format('%s%06d%s', head, number - millions * 1000000, tail)
  end
  return tokens
end
