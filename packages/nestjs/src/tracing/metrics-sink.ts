import type { Tracer } from '@onlyonce/core';

/** Takes metrics as they are pushed, say by DogStatsD. Tags are few-valued: never an id. */
export interface MetricsSink {
  /** @param more how many since the last call */
  count(name: string, more: number, tags: Readonly<Record<string, string>>): void;
  gauge(name: string, value: number, tags: Readonly<Record<string, string>>): void;
}

/** Where a tracer wants the metrics pushed to, if it does. */
export function sinkOf(tracer: Tracer & { readonly metricsSink?: MetricsSink }): MetricsSink | undefined {
  return tracer.metricsSink;
}
