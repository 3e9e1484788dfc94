export { eventually } from './eventually.js';
export { FakeClock } from './fake-clock.js';
export { HeldCrashPoints, type HeldPoint } from './held-crash-points.js';
export { RecordingTelemetry, type RecordedTiming } from './recording-telemetry.js';
export type { RedisOptions, RedisServer } from './redis/redis-server.js';
export { startRedis } from './redis/start-redis.js';
export { SeededRandom } from './seeded-random.js';
