import { describe, expect, it } from '@jest/globals';
import type { ModelName } from '../src/serialize.ts';
import { committed, modelOf } from './support/generated.ts';
import { runNode } from './support/run-node.ts';
import type { Passed } from './support/through-models.ts';

const files = committed();
const modelled = [...files].flatMap(([path, json]): [string, ModelName, unknown][] => {
  const model = modelOf(path);
  return model ? [[path, model, json]] : [];
});

const through = (asked: readonly (readonly [ModelName, unknown])[]): Passed[] =>
  JSON.parse(runNode('test/support/through-models.ts', { input: JSON.stringify(asked) })) as Passed[];

interface Json {
  [key: string]: Json;
}
function planted(path: string, change: (json: Json) => void): unknown {
  const copy = structuredClone(files.get(path)) as Json;
  change(copy);
  return copy;
}
const firstWidget = (dashboard: Json): Json => dashboard['widgets']!['0']!['definition']!['widgets']!['1']!;

describe('generated JSON', () => {
  it('is there for every kind', () => {
    expect(new Set(modelled.map(([, model]) => model))).toEqual(
      new Set(['Dashboard', 'Monitor', 'LogsPipeline', 'LogsMetricCreateRequest']),
    );
  });

  it('goes through the official models and back, and has nothing that they do not know', () => {
    const passed = through(modelled.map(([, model, json]) => [model, json]));
    modelled.forEach(([path, , json], index) => {
      expect([path, passed[index]]).toEqual([path, { unknown: [], again: json }]);
    });
  });
});

describe('a planted fault is found', () => {
  const proof = 'dashboards/exactly-once-proof.json';
  const faults: [string, string, ModelName, (json: Json) => void][] = [
    [
      'an unknown field of a widget',
      proof,
      'Dashboard',
      (d) => (firstWidget(d)['definition']!['titel'] = {} as Json),
    ],
    [
      'an unknown type of widget',
      proof,
      'Dashboard',
      (d) => (firstWidget(d)['definition']!['type'] = 'query_valu' as unknown as Json),
    ],
    [
      'an unknown aggregation',
      proof,
      'Dashboard',
      (d) =>
        (firstWidget(d)['definition']!['requests']!['0']!['queries']!['0']!['compute']!['aggregation'] =
          'counts' as unknown as Json),
    ],
    [
      'an unknown option of a monitor',
      'monitors/backlog-age.json',
      'Monitor',
      (m) => (m['options']!['treshold'] = {} as Json),
    ],
    [
      'an unknown processor',
      'logs/pipeline.json',
      'LogsPipeline',
      (p) => (p['processors']!['0']!['type'] = 'date-mapper' as unknown as Json),
    ],
    [
      'an unknown attribute of a log-based metric',
      'logs/metrics/onlyonce.logs.accepted.json',
      'LogsMetricCreateRequest',
      (m) => (m['data']!['attributes']!['groupby'] = [] as unknown as Json),
    ],
  ];

  it('all of them', () => {
    const passed = through(faults.map(([, path, model, change]) => [model, planted(path, change)]));
    faults.forEach(([name], index) => {
      expect([name, passed[index]?.unknown]).not.toEqual([name, []]);
    });
    expect(passed).toHaveLength(faults.length);
  });
});
