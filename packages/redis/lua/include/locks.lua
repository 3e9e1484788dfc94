-- A lock is the string <fence>|<nonce>|<pod> with a TTL. `held` remembers who was handed a message last and has not
-- reported: <fence>|<nonce>|<pod>|<attempt>|<since, ms>|<entry>. An entry in `held` without a lock is a vanished owner.
local function token_of(fence, nonce, pod)
  return fence .. '|' .. nonce .. '|' .. pod
end

local function parse_token(value)
  return string.match(value, '^(%d+)|([^|]*)|([^|]*)')
end

local now_ms_text = integer_text(now_ms)
local function held_of(token, attempt, entry)
  return token .. '|' .. attempt .. '|' .. now_ms_text .. '|' .. entry
end

-- Whether a mark in `held` belongs to this very token.
local function held_under(holder, token)
  return string.sub(holder, 1, #token + 1) == token .. '|'
end
