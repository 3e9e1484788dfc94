import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { committed } from './support/generated.ts';

const page = readFileSync(new URL('../../../docs/datadog.md', import.meta.url), 'utf8');
const files = committed();
const count = (folder: string): number => [...files.keys()].filter((path) => path.startsWith(folder)).length;

it('docs/datadog.md lists every facet, and counts what there is', () => {
  for (const { path } of files.get('logs/facets.json') as { path: string }[])
    expect(page).toContain(`\`${path}\``);
  expect(page.replace(/\s+/g, ' ')).toContain(
    `two dashboards, ${count('monitors/')} monitors, a log pipeline, ${count('logs/metrics/')} log-based metrics`,
  );
});
