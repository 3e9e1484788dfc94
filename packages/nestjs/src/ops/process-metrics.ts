import { Inject, Injectable } from '@nestjs/common';
import { collectDefaultMetrics } from 'prom-client';
import { makeGauge } from '../observability/make-metric.js';
import { MetricsTelemetry } from '../observability/metrics-telemetry.js';
import { Runtime } from '../runtime.js';
import { ONLYONCE_OPS_OPTIONS } from './ops.module-definition.js';
import type { OnlyonceOpsOptions } from './ops.options.js';

/** Adds memory, CPU and event loop of the process, and who it is. */
@Injectable()
export class ProcessMetrics {
  constructor(
    { registry }: MetricsTelemetry,
    runtime: Runtime,
    @Inject(ONLYONCE_OPS_OPTIONS) options: OnlyonceOpsOptions,
  ) {
    collectDefaultMetrics({ register: registry });
    const { service, version, env } = options;
    makeGauge(registry, 'onlyonce_build_info').set({ service, version, env, pod: runtime.options.pod }, 1);
  }
}
