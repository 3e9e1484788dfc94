import type { v1 } from '@datadog/datadog-api-client';
import type { EventName, Field, TagOfLogs } from '../emitted/logs.ts';
import { LOGS_OF } from '../names.ts';

/** `@event:a`, or `@event:(a OR b)`. */
export function events(...names: readonly [EventName, ...EventName[]]): string {
  return names.length === 1 ? `@event:${names[0]}` : `@event:(${names.join(' OR ')})`;
}

/** The two lines that tell an effect: exactly one of them per message and group. */
export const EFFECTS = events('message.processed', 'message.rejected');

export const has = (field: Field): string => `@${field}:*`;
export const hasNot = (field: Field): string => `-@${field}:*`;
export const is = (field: Field, value: string): string => `@${field}:${value}`;
/** A facet of an attribute. */
export const at = <F extends Field>(field: F): `@${F}` => `@${field}`;

export type Grouping = TagOfLogs | `@${Field}`;

export interface LogQuery {
  readonly search: string;
  readonly compute?: { readonly of: Field; readonly as: 'cardinality' | 'pc99' | 'pc95' | 'median' | 'max' };
  readonly by?: readonly Grouping[];
  readonly limit?: number;
}

/** For widgets, filtered by the dashboard's variables. */
export function counted(
  name: string,
  { search, compute, by = [], limit = 10 }: LogQuery,
): v1.FormulaAndFunctionEventQueryDefinition {
  const sort = compute
    ? ({ aggregation: compute.as, metric: at(compute.of), order: 'desc' } as const)
    : ({ aggregation: 'count', order: 'desc' } as const);
  return {
    name,
    dataSource: 'logs',
    indexes: ['*'],
    search: { query: forWidget(search) },
    compute: compute ? { aggregation: compute.as, metric: at(compute.of) } : { aggregation: 'count' },
    groupBy: by.map((facet) => ({ facet, limit, sort })),
  };
}

export function forWidget(search: string): string {
  return `${LOGS_OF} ${variablesFor(search)} ${search}`;
}

/** A variable keeps only lines that have its tag: lines of no group must not be asked for one. */
function variablesFor(search: string): string {
  // `order` has no group, and its lines are among these.
  if (/order\.accepted|message\.duplicate/.test(search)) return '$env $channel';
  if (/message\.|lock\./.test(search)) return '$env $channel $group';
  return '$env';
}

/** A log monitor's query. */
export function alert(query: LogQuery & { readonly last: string; readonly above: number }): string {
  const { search, compute, by = [], last, above } = query;
  const roll = compute ? `.rollup("${compute.as}", "${at(compute.of)}")` : '.rollup("count")';
  const grouped = by.length > 0 ? `.by("${by.join(',')}")` : '';
  return `logs("${LOGS_OF} ${search}").index("*")${roll}${grouped}.last("${last}") > ${above}`;
}
