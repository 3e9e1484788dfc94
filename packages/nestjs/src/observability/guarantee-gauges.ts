import { Injectable } from '@nestjs/common';
import type { Gauge } from 'prom-client';
import { GuaranteeService } from '../guarantee/guarantee.service.js';
import { Runtime } from '../runtime.js';
import { makeGauge } from './make-metric.js';
import { MetricsTelemetry } from './metrics-telemetry.js';

/** The store is asked for its settings no oftener, however many scrape. */
const RECHECK_AFTER_MS = 30_000;

/** Whether the store is there, and what weakens the guarantee. A scrape also has the guarantee judged anew. */
@Injectable()
export class GuaranteeGauges {
  private readonly available: Gauge;
  private readonly weaknesses: Gauge<'acceptance'>;
  private recheckAtMs: number;

  constructor(
    private readonly runtime: Runtime,
    private readonly guarantee: GuaranteeService,
    { registry }: MetricsTelemetry,
  ) {
    this.available = makeGauge(registry, 'onlyonce_store_available');
    this.weaknesses = makeGauge(registry, 'onlyonce_guarantee_weaknesses');
    this.recheckAtMs = runtime.clock.monotonicMs() + RECHECK_AFTER_MS;
  }

  /** Never waits for the store: what a new look finds is told with the next scrape. */
  refresh(): void {
    const { clock, options } = this.runtime;
    this.available.set(options.backend.available ? 1 : 0);
    const { report } = this.guarantee;
    this.weaknesses.reset();
    if (report) this.weaknesses.set({ acceptance: report.acceptance }, report.weaknesses.length);
    if (clock.monotonicMs() < this.recheckAtMs) return;
    this.recheckAtMs = clock.monotonicMs() + RECHECK_AFTER_MS;
    // readFacts never throws, and what cannot be read changes nothing.
    void this.guarantee.recheck();
  }
}
