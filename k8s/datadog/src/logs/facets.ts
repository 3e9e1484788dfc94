import type { Field } from '../emitted/logs.ts';

export interface Facet {
  readonly path: `@${Field}`;
  readonly name: string;
  readonly type: 'string' | 'integer' | 'double';
  /** A measure can be averaged and drawn; a facet can be grouped by. */
  readonly kind: 'facet' | 'measure';
}

const facet = (field: Field, name: string): Facet => ({
  path: `@${field}`,
  name,
  type: 'string',
  kind: 'facet',
});
const measure = (field: Field, name: string): Facet => ({
  path: `@${field}`,
  name,
  type: 'double',
  kind: 'measure',
});

/** Datadog has no API for facets: this list is the one to create them by hand from (docs/datadog.md). */
export const facets: readonly Facet[] = [
  facet('event', 'Event'),
  facet('messageId', 'Message id'),
  facet('channel', 'Channel'),
  facet('group', 'Group'),
  facet('pod', 'Pod'),
  facet('previousPod', 'Previous pod'),
  facet('reason', 'Reason'),
  facet('outcome', 'Outcome'),
  facet('fencingToken', 'Fencing token'),
  facet('effect', 'Effect'),
  facet('acceptance', 'Acceptance'),
  facet('weaknesses', 'Weaknesses'),
  facet('level', 'Level'),
  facet('error.message', 'Error message'),
  { path: '@attempt', name: 'Attempt', type: 'integer', kind: 'facet' },
  measure('durationMs', 'Duration since the lock was won, ms'),
  measure('sincePublishedMs', 'Since acceptance, ms'),
  measure('retryInMs', 'Next attempt in, ms'),
];
