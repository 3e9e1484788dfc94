import { Publisher } from '@onlyonce/core';
import type { Runtime } from '../runtime.js';

export function createPublisher({ publishGate, store, options, ...runtime }: Runtime): Publisher {
  const { clock, random, telemetry, tracer } = runtime;
  const deps = {
    store: publishGate.guarding(store),
    ...{ clock, random, telemetry, tracer },
    soon: (task: () => void) => void setImmediate(task),
  };
  return options.publisher
    ? new Publisher(deps, { timeoutMs: 1_500, maxBatch: 128, ...options.publisher })
    : new Publisher(deps);
}
