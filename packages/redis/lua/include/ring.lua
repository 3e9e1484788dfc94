-- Something waits in the backlog that was not announced: whoever listens shall look. Nothing depends on it: a right that
-- is missing must not leave the rest half done (finding F2).
local function ring(channel_prefix)
  redis.pcall('PUBLISH', string.sub(channel_prefix, 1, -2), '1!')
  redis.pcall('PUBLISH', channel_prefix .. 'bell', '1!')
end
