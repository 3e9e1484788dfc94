import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RUNBOOK } from '../names.ts';
import type { Settings } from './settings.ts';

const root = fileURLToPath(new URL('../../generated/', import.meta.url));

export interface Wanted {
  readonly dashboards: ReadonlyMap<string, unknown>;
  readonly monitors: ReadonlyMap<string, unknown>;
  readonly pipelines: ReadonlyMap<string, unknown>;
  readonly logMetrics: ReadonlyMap<string, unknown>;
}

/** What is committed under generated/, with the address of the runbook and whom to tell. */
export function readWanted({ notify, runbookUrl }: Pick<Settings, 'notify' | 'runbookUrl'>): Wanted {
  const read = (pattern: string): Map<string, unknown> =>
    new Map(
      globSync(pattern, { cwd: root })
        .toSorted()
        .map((path) => {
          const text = readFileSync(`${root}${path}`, 'utf8');
          const linked = runbookUrl === '' ? text : text.replaceAll(RUNBOOK, runbookUrl);
          const name = path.replace(/^.*\//, '').replace(/\.json$/, '');
          return [name, JSON.parse(linked) as unknown];
        }),
    );
  const monitors = new Map(
    [...read('monitors/*.json')].map(([name, json]) => {
      const monitor = json as { readonly message: string };
      return [name, notify === '' ? monitor : { ...monitor, message: `${monitor.message}\n\n${notify}` }];
    }),
  );
  return {
    dashboards: read('dashboards/*.json'),
    monitors,
    pipelines: read('logs/pipeline.json'),
    logMetrics: read('logs/metrics/*.json'),
  };
}
