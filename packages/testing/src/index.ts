export { eventually } from './eventually.js';
export { FakeClock } from './fake-clock.js';
export { HeldCrashPoints, type HeldPoint } from './held-crash-points.js';
export { RecordingTelemetry, type RecordedTiming } from './recording-telemetry.js';
export type { RedisOptions, RedisServer } from './redis/redis-server.js';
export { startRedis } from './redis/start-redis.js';
export { startRedisCluster, type RedisCluster } from './redis/start-redis-cluster.js';
export {
  startRedisReplicaSet,
  type RedisReplicaSet,
  type ReplicaSetOptions,
} from './redis/start-redis-replica-set.js';
export { SeededRandom } from './seeded-random.js';
export type { Fault, StoreCall } from './in-memory/call-faults.js';
export { InMemoryBackend, type InMemoryOptions } from './in-memory/in-memory-backend.js';
export { InMemoryDatabase } from './in-memory/in-memory-database.js';
export { consumerDeps } from './simulation/consumer-deps.js';
export { countEffect, SimulatedPod, type PodSetup } from './simulation/simulated-pod.js';
export { CHANNEL, EFFECTS, messageIds, onceEach } from './simulation/simulated-messages.js';
export { SimulatedWorld } from './simulation/simulated-world.js';
