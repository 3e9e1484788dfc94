import type { v2 } from '@datadog/datadog-api-client';
import type { Field, TagOfLogs } from '../emitted/logs.ts';
import { LOGS_OF } from '../names.ts';
import { EFFECTS, events, has, hasNot } from '../queries/logs.ts';

interface LogMetric {
  readonly id: `onlyonce.logs.${string}`;
  readonly search: string;
  /** Never an id: each value is a custom metric that is paid for. */
  readonly tags: readonly TagOfLogs[];
  readonly attributes?: readonly Field[];
  readonly of?: Field;
}

const ofGroups = ['env', 'service', 'channel', 'group'] as const;

/** Counted from lines as they come in, before indexing: they outlive the retention of the logs, 15 months. */
export const definitions = [
  { id: 'onlyonce.logs.accepted', search: events('order.accepted'), tags: ['env', 'service', 'channel'] },
  { id: 'onlyonce.logs.effects', search: EFFECTS, tags: ofGroups, attributes: ['outcome'] },
  { id: 'onlyonce.logs.dead', search: events('message.dead'), tags: ofGroups },
  { id: 'onlyonce.logs.retries', search: events('message.retry'), tags: ofGroups },
  {
    id: 'onlyonce.logs.duplicates',
    search: events('message.duplicate'),
    tags: ofGroups,
    attributes: ['reason'],
  },
  { id: 'onlyonce.logs.won', search: events('lock.won'), tags: [...ofGroups, 'pod'] },
  {
    id: 'onlyonce.logs.lost',
    search: `${events('lock.lost')} ${hasNot('attempt')}`,
    tags: [...ofGroups, 'pod'],
    attributes: ['reason'],
  },
  {
    id: 'onlyonce.logs.lost_while_processing',
    search: `${events('lock.lost')} ${has('attempt')}`,
    tags: [...ofGroups, 'pod'],
    attributes: ['reason'],
  },
  {
    id: 'onlyonce.logs.takeovers',
    search: `${events('message.recovered')} ${has('previousPod')}`,
    tags: [...ofGroups, 'pod'],
  },
  { id: 'onlyonce.logs.publish_to_effect_ms', search: EFFECTS, tags: ofGroups, of: 'sincePublishedMs' },
  { id: 'onlyonce.logs.processing_ms', search: EFFECTS, tags: ofGroups, of: 'durationMs' },
] as const satisfies readonly LogMetric[];

type Definition = (typeof definitions)[number];
export type LogMetricName = Definition['id'];
/** Tags of one: attributes under their names in lower case, as Datadog writes tags. */
export type LogMetricTag<Name extends LogMetricName> = TagsIn<Extract<Definition, { id: Name }>>;
type TagsIn<Of extends Definition> =
  | Of['tags'][number]
  | (Of extends { attributes: readonly (infer Each extends string)[] } ? Lowercase<Each> : never);

/** By id. */
export const logMetrics: ReadonlyMap<string, v2.LogsMetricCreateRequest> = new Map(
  definitions.map(({ id, search, tags, attributes = [], of }: LogMetric) => [
    id,
    {
      data: {
        id,
        type: 'logs_metrics',
        attributes: {
          compute: of
            ? { aggregationType: 'distribution', path: `@${of}`, includePercentiles: true }
            : { aggregationType: 'count' },
          filter: { query: `${LOGS_OF} ${search}` },
          groupBy: [
            ...tags.map((tag) => ({ path: tag, tagName: tag })),
            ...attributes.map((field) => ({ path: `@${field}`, tagName: field.toLowerCase() })),
          ],
        },
      },
    },
  ]),
);
