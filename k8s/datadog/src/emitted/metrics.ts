import type { LabelsOf, MetricDefinition, MetricName, metricDefinitions } from '@onlyonce/nestjs';
import type { LogMetricName, LogMetricTag } from '../logs/log-metrics.ts';

/**
 * The names under which the agent's OpenMetrics check (src/agent/openmetrics.ts) sends what a pod shows under /metrics:
 * a counter loses its `_total` and becomes `.count`; a histogram becomes `.count`, `.sum` and `.bucket`.
 */
export type OnlyonceMetric = { [Name in MetricName]: Sent<Name> }[MetricName];

type TypeOf<Name extends MetricName> = (typeof metricDefinitions)[Name]['type'];
type Sent<Name extends MetricName> = Name extends NotSent
  ? never
  : Name extends `${infer Base}_total`
    ? `${Base}.count`
    : TypeOf<Name> extends 'histogram'
      ? `${Name}.${'count' | 'sum' | 'bucket'}`
      : Name;

/** Excluded from the check: its labels are given to the others instead. */
export const notSent = ['onlyonce_build_info'] as const satisfies readonly MetricName[];
type NotSent = (typeof notSent)[number];

/** What the process says of itself, by prom-client; those that the check takes. */
export const processMetrics = {
  process_resident_memory_bytes: 'gauge',
  process_cpu_seconds_total: 'counter',
  nodejs_eventloop_lag_p99_seconds: 'gauge',
} as const satisfies Readonly<Record<string, MetricDefinition['type']>>;
export type ProcessMetric =
  'process_resident_memory_bytes' | 'process_cpu_seconds.count' | 'nodejs_eventloop_lag_p99_seconds';

/** By the agent's own Redis integration (redisdb): those that are used here. */
export const redisMetrics = [
  'redis.mem.used',
  'redis.mem.maxmemory',
  'redis.mem.fragmentation_ratio',
  'redis.keys.evicted',
  'redis.aof.buffer_length',
  'redis.aof.rewrite',
  'redis.aof.size',
  'redis.info.latency_ms',
  'redis.net.clients',
  'redis.net.commands',
  'redis.net.slaves',
] as const;
export type RedisMetric = (typeof redisMetrics)[number];

export type Metric = OnlyonceMetric | ProcessMetric | RedisMetric | LogMetricName;

/** Given by the agent to all that a pod sends (unified service tagging), and by `share_labels` of the check (`pod`). */
export const agentTags = ['env', 'service', 'version', 'pod'] as const;
export type AgentTag = (typeof agentTags)[number];
export const redisTags = ['redis_host', 'redis_role'] as const;

type BaseOf<Sent extends OnlyonceMetric> = {
  [Name in MetricName]: Sent extends (
    Name extends `${infer Base}_total`
      ? `${Base}.count`
      : TypeOf<Name> extends 'histogram'
        ? `${Name}.${'count' | 'sum' | 'bucket'}`
        : Name
  )
    ? Name
    : never;
}[MetricName];

/** Tags that a metric can be grouped and filtered by. */
export type TagOf<M extends Metric> = M extends OnlyonceMetric
  ? LabelsOf<BaseOf<M>> | AgentTag | (M extends `${string}.bucket` ? 'upper_bound' : never)
  : M extends RedisMetric
    ? AgentTag | (typeof redisTags)[number]
    : M extends LogMetricName
      ? LogMetricTag<M>
      : AgentTag;

/** The same at run time, for tests: every metric that arrives, with its tags. */
export function sentMetrics(
  definitions: Readonly<Record<string, MetricDefinition>>,
): Map<string, readonly string[]> {
  const sent = new Map<string, readonly string[]>();
  const add = (name: string, type: MetricDefinition['type'], tags: readonly string[]): void => {
    if (type === 'counter') sent.set(`${name.replace(/_total$/, '')}.count`, tags);
    else if (type === 'gauge') sent.set(name, tags);
    else {
      for (const part of ['count', 'sum']) sent.set(`${name}.${part}`, tags);
      sent.set(`${name}.bucket`, [...tags, 'upper_bound']);
    }
  };
  for (const [name, { type, labels }] of Object.entries(definitions)) {
    if (!(notSent as readonly string[]).includes(name)) add(name, type, [...labels, ...agentTags]);
  }
  for (const [name, type] of Object.entries(processMetrics)) add(name, type, agentTags);
  for (const name of redisMetrics) sent.set(name, [...agentTags, ...redisTags]);
  return sent;
}
