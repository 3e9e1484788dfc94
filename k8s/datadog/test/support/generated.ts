import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelName } from '../../src/serialize.ts';

const root = fileURLToPath(new URL('../../generated/', import.meta.url));

/** Path below the folder to text. */
export function textsIn(folder = root): Map<string, string> {
  return new Map(
    globSync('**/*.json', { cwd: folder })
      .toSorted()
      .map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
  );
}

/** What is committed, as Datadog would import it: path below generated/ to JSON. */
export function committed(): Map<string, unknown> {
  return new Map([...textsIn()].map(([path, text]) => [path, JSON.parse(text) as unknown]));
}

export function modelOf(path: string): ModelName | undefined {
  if (path.startsWith('dashboards/')) return 'Dashboard';
  if (path.startsWith('monitors/')) return 'Monitor';
  if (path.startsWith('logs/metrics/')) return 'LogsMetricCreateRequest';
  return path === 'logs/pipeline.json' ? 'LogsPipeline' : undefined;
}

/** Every text in a JSON with the key under which it stands. */
export function* texts(json: unknown, key = ''): Generator<readonly [key: string, text: string]> {
  if (typeof json === 'string') yield [key, json];
  else if (Array.isArray(json)) for (const item of json) yield* texts(item, key);
  else if (typeof json === 'object' && json !== null)
    for (const [name, value] of Object.entries(json)) yield* texts(value, name);
}
