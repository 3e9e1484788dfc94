import type { v1 } from '@datadog/datadog-api-client';
import type { Metric, TagOf } from '../emitted/metrics.ts';

/** How series become one; percentiles are for distributions. */
type Space = 'sum' | 'avg' | 'max' | 'min' | 'p95' | 'p99';

export interface MetricQuery<M extends Metric> {
  readonly where?: readonly `${TagOf<M>}:${string}`[];
  readonly by?: readonly TagOf<M>[];
  /** Of a counter: a count per interval, not a rate. */
  readonly asCount?: boolean;
}

/** One metric query as text; a metric or tag that nobody sends does not compile. */
export function metric<M extends Metric>(space: Space, name: M, query: MetricQuery<M> = {}): string {
  const scope = query.where && query.where.length > 0 ? query.where.join(',') : '*';
  const by = query.by && query.by.length > 0 ? ` by {${query.by.join(',')}}` : '';
  return `${space}:${name}{${scope}}${by}${query.asCount ? '.as_count()' : ''}`;
}

/** For widgets: filtered by the dashboard's variables as far as the metric has those tags. */
export function shown<M extends Metric>(
  name: string,
  space: Space,
  of: M,
  { where = [], ...query }: MetricQuery<M> = {},
): v1.FormulaAndFunctionMetricQueryDefinition {
  const variables = of.startsWith('onlyonce') ? variablesOf(of) : ['$env'];
  const scope = [...variables, ...where].join(',');
  const text = metric(space, of, query).replace('{*}', `{${scope}}`);
  return {
    name,
    dataSource: 'metrics',
    query: text,
    // What one number of the whole time is: a sum of counts, else the last value.
    aggregator: query.asCount ? 'sum' : 'last',
  };
}

/** The store and the guarantee belong to no channel; what is published belongs to no group. */
function variablesOf(name: string): string[] {
  if (/^onlyonce_(store|guarantee)_/.test(name)) return ['$env'];
  if (/^onlyonce_publish(ed\.|_seconds|_batch)/.test(name)) return ['$env', '$channel'];
  if (name === 'onlyonce.logs.accepted' || name === 'onlyonce.logs.duplicates') return ['$env', '$channel'];
  return ['$env', '$channel', '$group'];
}
