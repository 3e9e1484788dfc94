import { describe, expect, it } from '@jest/globals';
import { lineHead, lineTrace, logEvents, metricDefinitions } from '@onlyonce/nestjs';
import { serviceEvents, tagsOfLogs } from '../src/emitted/logs.ts';
import { notSent, redisMetrics, sentMetrics } from '../src/emitted/metrics.ts';
import { committed, texts } from './support/generated.ts';
import { logTexts, logUse, metricUses } from './support/queries.ts';

// From the files as Datadog imports them, so that nothing rests on how they were made.
const files = [...committed()];

const metrics = sentMetrics(metricDefinitions);
for (const [path, json] of files.filter(([name]) => name.startsWith('logs/metrics/'))) {
  const { id, attributes } = (
    json as { data: { id: string; attributes: { group_by: { tag_name: string }[] } } }
  ).data;
  expect(path).toBe(`logs/metrics/${id}.json`);
  metrics.set(
    id,
    attributes.group_by.map(({ tag_name }) => tag_name),
  );
}
const metricsUsed = files
  .filter(([path]) => /^(dashboards|monitors)\//.test(path))
  .flatMap(([path, json]) =>
    [...texts(json)].flatMap(([, text]) => metricUses(text)).map((use) => ({ path, ...use })),
  );

const events = { ...logEvents, ...serviceEvents };
const fieldsOf = ({ fields, optional }: { fields: readonly string[]; optional?: readonly string[] }) => [
  ...fields,
  ...(optional ?? []),
];
/** Made by the pipeline from what lines have; `err` is an Error, as pino writes it. */
const made = ['effect', 'error.message', 'error.kind', 'error.stack', 'err.message', 'err.type', 'err.stack'];
const known = new Set([
  'event',
  ...lineHead,
  ...lineTrace,
  ...Object.values(events).flatMap(fieldsOf),
  ...made,
]);
const knownTags = new Set<string>(['source', 'service', 'status', ...tagsOfLogs]);

const logsUsed = files.flatMap(([path, json]) =>
  logTexts(path, json).map((text) => ({ path, text, ...logUse(text) })),
);

describe('every query refers to what is emitted:', () => {
  it('there are queries of all kinds', () => {
    expect(metricsUsed.length).toBeGreaterThan(80);
    expect(logsUsed.length).toBeGreaterThan(100);
  });

  it('metrics', () => {
    expect(metricsUsed.filter(({ metric }) => !metrics.has(metric))).toEqual([]);
  });

  it('tags of metrics', () => {
    const wrong = metricsUsed.flatMap(({ path, metric, tags }) =>
      tags
        .filter((tag) => !metrics.get(metric)?.includes(tag))
        .map((tag) => `${path}: ${metric} has no ${tag}`),
    );
    expect(wrong).toEqual([]);
  });

  it('events of logs', () => {
    const names = Object.keys(events);
    const there = (name: string): boolean =>
      name === '*' ||
      (name.endsWith('.*') ? names.some((each) => each.startsWith(name.slice(0, -1))) : names.includes(name));
    expect(logsUsed.filter(({ events: used }) => !used.every(there))).toEqual([]);
  });

  it('fields of logs', () => {
    expect(logsUsed.filter(({ fields }) => !fields.every((field) => known.has(field)))).toEqual([]);
  });

  it('fields that lines of the events asked for can have', () => {
    const wrong = logsUsed.flatMap(({ path, text, events: used, fields }) => {
      if (used.length === 0 || used.some((name) => name.includes('*'))) return [];
      const there = new Set([
        'event',
        ...lineHead,
        ...made,
        ...used.flatMap((name) => fieldsOf(events[name as keyof typeof events])),
      ]);
      return fields.filter((field) => !there.has(field)).map((field) => `${path}: ${field} in ${text}`);
    });
    expect(wrong).toEqual([]);
  });

  it('tags of logs', () => {
    expect(logsUsed.filter(({ tags }) => !tags.every((tag) => knownTags.has(tag)))).toEqual([]);
  });
});

describe('what is emitted is shown:', () => {
  /** Emitted and in no widget, with the reason. */
  const metricsNotShown: Readonly<Record<string, string>> = {
    onlyonce_build_info: 'its label pod is given to all other metrics; the rest the agent tags by itself',
  };
  const eventsNotShown: Readonly<Record<string, string>> = {
    'engine.stats_failed':
      'debug: the gauges keep their values, and engine trouble of the store is told elsewhere',
    'engine.duty_failed': 'debug: another pod has the duty, or it is tried again',
  };
  const fieldsNotShown: Readonly<Record<string, string>> = {
    effects: 'of the line guarantee: always exactly-once',
    remarks: 'of the line guarantee: takes nothing away from it',
    store: 'of the line guarantee: facts that acceptance and weaknesses sum up',
  };

  it('every metric', () => {
    const used = new Set(metricsUsed.map(({ metric }) => metric));
    const bare = (name: string): string => name.replace(/_total$/, '');
    const shown = (name: string): boolean =>
      [name, ...['count', 'sum', 'bucket'].map((part) => `${bare(name)}.${part}`)].some((each) =>
        used.has(each),
      );
    const all = [
      ...Object.keys(metricDefinitions),
      ...redisMetrics,
      ...[...metrics.keys()].filter((name) => name.startsWith('onlyonce.logs.')),
    ];
    expect(all.filter((name) => !shown(name))).toEqual(Object.keys(metricsNotShown));
    expect([...notSent]).toEqual(Object.keys(metricsNotShown));
  });

  it('every event', () => {
    const used = new Set(logsUsed.flatMap(({ events: each }) => each));
    expect(Object.keys(events).filter((name) => !used.has(name))).toEqual(Object.keys(eventsNotShown));
  });

  it('every field that a proof rests on', () => {
    const proof = Object.entries(events)
      .filter(([name]) => /^(message|lock|order)\.|^guarantee$/.test(name))
      .flatMap(([, definition]) => fieldsOf(definition));
    const used = new Set(logsUsed.flatMap(({ fields }) => fields));
    expect([...new Set(proof)].filter((field) => !used.has(field)).toSorted()).toEqual(
      Object.keys(fieldsNotShown).toSorted(),
    );
  });

  it('every attribute that is grouped by or computed with is in the list of facets', () => {
    const facets = new Set(
      (files.find(([path]) => path === 'logs/facets.json')?.[1] as { path: string }[]).map(
        ({ path }) => path,
      ),
    );
    const grouped = files
      .filter(([path]) => path.startsWith('dashboards/'))
      .flatMap(([, json]) => [...texts(json)])
      .filter(([key, text]) => (key === 'facet' || key === 'metric') && text.startsWith('@'))
      .map(([, text]) => text);
    expect(grouped.length).toBeGreaterThan(10);
    expect(grouped.filter((path) => !facets.has(path))).toEqual([]);
  });
});
