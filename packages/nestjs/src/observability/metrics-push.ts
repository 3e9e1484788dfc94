import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Cancel } from '@onlyonce/core';
import { Runtime } from '../runtime.js';
import { sinkOf, type MetricsSink } from '../tracing/metrics-sink.js';
import { BacklogGauges } from './backlog-gauges.js';
import { GuaranteeGauges } from './guarantee-gauges.js';
import { MetricsTelemetry } from './metrics-telemetry.js';

/** As often as dd-trace sends. */
const EVERY_MS = 10_000;

/** Pushes what a scrape would read, where the tracer has somewhere to push it to; else does nothing. */
@Injectable()
export class MetricsPush implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly sink: MetricsSink | undefined;
  private readonly sent = new Map<string, number>();
  private cancel: Cancel | undefined;

  constructor(
    private readonly runtime: Runtime,
    private readonly metrics: MetricsTelemetry,
    private readonly backlog: BacklogGauges,
    private readonly guarantee: GuaranteeGauges,
  ) {
    this.sink = sinkOf(runtime.tracer);
  }

  onApplicationBootstrap(): void {
    if (this.sink) this.plan(this.sink);
  }

  /** What was counted since the last push, the drain included, would be lost with the process. */
  async onApplicationShutdown(): Promise<void> {
    this.cancel?.();
    if (this.sink) await this.push(this.sink);
  }

  private plan(sink: MetricsSink): void {
    this.cancel = this.runtime.clock.after(EVERY_MS, () => {
      this.plan(sink);
      void this.refreshAndPush(sink);
    });
  }

  private async refreshAndPush(sink: MetricsSink): Promise<void> {
    this.guarantee.refresh();
    await this.backlog.refresh();
    await this.push(sink);
  }

  private async push(sink: MetricsSink): Promise<void> {
    for (const { name, type, values } of await this.metrics.registry.getMetricsAsJSON()) {
      if (!name.startsWith('onlyonce_') || name === 'onlyonce_build_info') continue;
      for (const value of values) this.send(sink, { family: name, type: String(type), ...value });
    }
  }

  /** Under the names of the agent's OpenMetrics check, so that the same dashboards read either. */
  private send(sink: MetricsSink, { family, type, metricName, value, labels }: Sample): void {
    const named = Object.entries(labels).map(([label, text]) => [label, String(text)] as const);
    // A scrape takes it from onlyonce_build_info; the agent's own tag for it has another name, or none outside Kubernetes.
    const tags = { ...Object.fromEntries(named), pod: this.runtime.options.pod };
    if (type === 'gauge') {
      sink.gauge(family, value, tags);
      return;
    }
    const name = sentName(metricName ?? family);
    if (name === undefined) return;
    const key = `${name} ${JSON.stringify(tags)}`;
    const more = value - (this.sent.get(key) ?? 0);
    this.sent.set(key, value);
    if (more > 0) sink.count(name, more, tags);
  }
}

interface Sample {
  readonly family: string;
  readonly type: string;
  readonly metricName?: string;
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number | undefined>>;
}

/** Undefined for the buckets of a histogram: a series each, and DogStatsD has no such thing. */
function sentName(prometheusName: string): string | undefined {
  const [, base, suffix] = /^(.+)_(total|count|sum|bucket)$/.exec(prometheusName) ?? [];
  if (base === undefined || suffix === 'bucket') return undefined;
  return `${base}.${suffix === 'sum' ? 'sum' : 'count'}`;
}
