import { Publisher } from '@onlyonce/core';
import type { Runtime } from '../runtime.js';

export function createPublisher({ store, clock, random, telemetry, tracer, options }: Runtime): Publisher {
  const deps = { store, clock, random, telemetry, tracer };
  return options.publisher
    ? new Publisher(deps, { timeoutMs: 1_500, maxBatch: 128, ...options.publisher })
    : new Publisher(deps);
}
