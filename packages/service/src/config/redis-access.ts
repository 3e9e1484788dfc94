import type { CommonConfig } from './cross-check.js';

/** Who we are on a Redis, the main one and the lock nodes alike; where they are is said beside it. */
export function redisAccess(config: CommonConfig) {
  const tls = {
    caFile: config.redisTlsCaFile,
    certFile: config.redisTlsCertFile,
    keyFile: config.redisTlsKeyFile,
    rejectUnauthorized: config.redisTlsRejectUnauthorized,
  };
  return {
    pod: config.podName,
    username: config.redisUsername,
    password: config.redisPassword ?? config.redisPasswordFile,
    sentinelUsername: config.redisSentinelUsername,
    sentinelPassword: config.redisSentinelPassword,
    tls: config.redisUrl.startsWith('rediss') ? tls : undefined,
  };
}
