import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const run = promisify(execFile);
const MAIN = fileURLToPath(new URL('../floor/main.mjs', import.meta.url));
const floor = (env) => run(process.execPath, [MAIN], { env: { ...process.env, ...env } });

describe('the floor', () => {
  it('measures each step of the engine, of its commands alone, and of the raw group', async () => {
    const { stdout } = await floor({ WAVES: '1', BATCH: '5' });
    const rows = new Map(
      stdout
        .trim()
        .split('\n')
        .slice(2)
        .map((line) => line.trim().split(/\s+/))
        .map(([way, ...figures]) => [way, figures.map(Number.parseFloat)]),
    );
    expect([...rows.keys()]).toEqual(['engine', 'undecided', 'plain', 'raw']);
    // Four steps, their sum and the ratio; the raw group has two steps.
    for (const way of ['engine', 'undecided', 'plain']) expect(rows.get(way)).toHaveLength(6);
    // A single step of so small a wave may take less than the system's clock for CPU can tell.
    for (const figure of [...rows.values()].flat()) expect(figure).toBeGreaterThanOrEqual(0);
    for (const figures of rows.values()) expect(figures.at(-2)).toBeGreaterThan(0);
  });

  it('names a setting that is wrong', async () => {
    await expect(floor({ BATCH: 'many' })).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('BATCH'),
    });
  });
});
