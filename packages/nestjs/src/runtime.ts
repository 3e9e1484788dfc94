import { Inject, Injectable } from '@nestjs/common';
import {
  noCrashPoints,
  noTracer,
  systemClock,
  systemRandom,
  type Clock,
  type CrashPoints,
  type MessageStore,
  type Random,
  type Telemetry,
  type Tracer,
} from '@onlyonce/core';
import { CommitWatch } from './health/commit-watch.js';
import { combineTelemetry } from './observability/combine-telemetry.js';
import { MetricsTelemetry } from './observability/metrics-telemetry.js';
import { NestLoggerTelemetry } from './observability/nest-logger-telemetry.js';
import { ONLYONCE_OPTIONS } from './onlyonce.module-definition.js';
import type { OnlyonceOptions } from './onlyonce.options.js';
import { PublishGate } from './publishing/publish-gate.js';

/** What all parts of the engine share in this process. */
@Injectable()
export class Runtime {
  readonly clock: Clock = systemClock;
  readonly random: Random = systemRandom;
  readonly telemetry: Telemetry;
  readonly tracer: Tracer;
  readonly crashPoints: CrashPoints;
  readonly commits: CommitWatch;
  readonly publishGate = new PublishGate();
  readonly store: MessageStore;

  constructor(
    @Inject(ONLYONCE_OPTIONS) readonly options: OnlyonceOptions,
    metrics: MetricsTelemetry,
  ) {
    this.telemetry = combineTelemetry(metrics, options.telemetry ?? new NestLoggerTelemetry());
    this.tracer = options.tracer ?? noTracer;
    this.crashPoints = options.crashPoints ?? noCrashPoints;
    this.commits = new CommitWatch(this.clock);
    const { store } = options.backend;
    this.store = this.commits.watching(this.tracer.watching?.(store, this.clock) ?? store);
  }
}
