import { noCrashPoints, noTracer, systemRandom, type Clock, type ConsumerDeps } from '@onlyonce/core';
import type { InMemoryBackend } from '../in-memory/in-memory-backend.js';
import { RecordingTelemetry } from '../recording-telemetry.js';

/** What a consumer needs from outside when nothing of it is what a test is about. */
export function consumerDeps(backend: InMemoryBackend, clock: Clock): ConsumerDeps {
  return {
    store: backend.store,
    feed: backend.feed,
    clock,
    random: systemRandom,
    telemetry: new RecordingTelemetry(),
    tracer: noTracer,
    crashPoints: noCrashPoints,
  };
}
