import type { OnlyonceOptions } from '@onlyonce/nestjs';
import type { CommonConfig } from './cross-check.js';

/** What the environment says to the engine, except for what an adapter or a service adds. */
export function engineOptions(config: CommonConfig) {
  return {
    pod: config.podName,
    consumer: {
      strategy: config.claimStrategy,
      lockTtlMs: config.lockTtlMs,
      concurrency: config.concurrency,
      maxTakeovers: config.maxTakeovers,
      handlerTimeoutMs: config.handlerTimeoutMs,
      retry: {
        baseDelayMs: config.retryBaseDelayMs,
        maxDelayMs: config.retryMaxDelayMs,
        maxAttempts: config.maxAttempts,
      },
      ...(config.maxInFlight === undefined ? {} : { maxInFlight: config.maxInFlight }),
      ...(config.sweepIntervalMs === undefined ? {} : { sweepIntervalMs: config.sweepIntervalMs }),
    },
    drainMs: config.drainMs,
    guarantee: { requireDurable: config.requireDurable, ...storeOptions(config) },
  } satisfies Partial<OnlyonceOptions>;
}

/** What both the guarantee check and the store must know. */
export function storeOptions(config: CommonConfig) {
  return {
    waitReplicas: config.durability === 'replicated' ? config.waitReplicas : 0,
    retentionMs: config.retention,
    expectedMessagesPerSecond: config.expectedRate,
  };
}
