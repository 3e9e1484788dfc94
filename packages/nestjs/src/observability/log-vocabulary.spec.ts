import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { engineEvents, logEvents } from './log-vocabulary.js';

const packages = new URL('../../../', import.meta.url).pathname;
const sources = globSync('{core,nestjs,redis}/src/**/*.ts', { cwd: packages })
  .filter((file) => !/\.(int-)?spec\.ts$|log-vocabulary\.ts$/.test(file))
  .map((file) => readFileSync(`${packages}${file}`, 'utf8'));

/** Names in the sources, wherever they stand: as the `event` of a notice, or handed to a function that makes one. */
const named = new Set(
  sources.flatMap((text) =>
    [...text.matchAll(/'((?:engine|message|lock)\.[a-z_]+)'|event: '(guarantee)'/g)].map(
      ([, name, guarantee]) => name ?? String(guarantee),
    ),
  ),
);

describe('the vocabulary of the logs', () => {
  it('is what the sources say, no more and no less', () => {
    expect([...named].toSorted()).toEqual(Object.keys(logEvents).toSorted());
  });

  it('has the levels that the sources give to notices', () => {
    const told = sources.flatMap((text) => [
      ...[...text.matchAll(/level: '(\w+)',\s*event: '([\w.]+)'/g)].map(([, level, event]) => [event, level]),
      ...[...text.matchAll(/\.notice\(\s*'(\w+)',\s*'([\w.]+)'/g)].map(([, level, event]) => [event, level]),
    ]);
    expect(told.length).toBeGreaterThan(10);
    for (const [event, level] of told) {
      const { levels } = engineEvents[event as keyof typeof engineEvents];
      expect([event, levels]).toEqual([event, expect.arrayContaining([level])]);
    }
  });

  it('is documented in docs/logs.md', () => {
    const page = readFileSync(`${packages}../docs/logs.md`, 'utf8');
    const missing = Object.keys(logEvents).filter((name) => !page.includes(`\`${name}\``));
    expect(missing).toEqual([]);
  });
});
