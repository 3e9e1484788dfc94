import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../local/state-directory.mjs';
import { waitFor } from '../local/wait-for.mjs';
import { isRunning } from '../local/living-process.mjs';

const LONG_MS = 300_000;

/** @param {Record<string, string>} env */
function campaign(env) {
  const settings = { PROFILE: 'ci', PODS: '2', RATE: '150', ...env };
  const child = spawn(process.execPath, [join(ROOT, 'scripts/chaos/main.mjs')], {
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const run = { child, text: '', place: join(ROOT, '.onlyonce/chaos', settings.SEED) };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (run.text += part));
  return run;
}

const ended = async ({ child }) => (await once(child, 'close'))[0];

describe('make chaos', () => {
  it(
    'proves a short campaign of a fixed seed, and leaves nothing',
    async () => {
      const run = campaign({ SEED: '11', PHASES: 'pods', FAULTS: '1,2,5,9,13' });
      const code = await ended(run);
      expect([code, run.text]).toEqual([0, expect.stringContaining('PROVED: ')]);
      expect(run.text).toMatch(/ 13 {2}Redis crash +1 +1/);
      expect(existsSync(run.place)).toBe(false);
    },
    LONG_MS,
  );

  it(
    'finds the usual recipe guilty of the same campaign, and says of what',
    async () => {
      const run = campaign({ SEED: '12', PHASES: 'pods', FAULTS: '1,2,5,9,13', RECIPE: 'usual' });
      run.place += '-usual-recipe';
      const code = await ended(run);
      expect([code, run.text]).toEqual([1, expect.stringContaining('FAILED: ')]);
      expect(run.text).toMatch(/verifier: \d+ duplicated/);
      expect(run.text).toMatch(/verifier: \d+ (lost|stuck|unproven)/);
      expect(run.text).toMatch(/I5: ids with more than one effect/);
      expect(run.text).toContain('make chaos SEED=12');
      const { violations } = JSON.parse(readFileSync(join(run.place, 'pods/certificate.json'), 'utf8'));
      expect(violations.counts.duplicated).toBeGreaterThan(0);
      rmSync(run.place, { recursive: true, force: true });
    },
    LONG_MS,
  );

  it(
    'leaves no process behind when it is interrupted',
    async () => {
      const run = campaign({ SEED: '13', PHASES: 'proxy' });
      const list = join(run.place, 'started.json');
      await waitFor('a fault', () => run.text.includes('row '), { deadlineMs: 120_000 });
      const started = JSON.parse(readFileSync(list, 'utf8'));
      expect(started.filter(({ pid, marker }) => isRunning(pid, marker)).length).toBeGreaterThan(3);
      run.child.kill('SIGINT');
      expect(await ended(run)).toBe(130);
      expect(started.filter(({ pid, marker }) => isRunning(pid, marker))).toEqual([]);
      expect(existsSync(run.place)).toBe(false);
    },
    LONG_MS,
  );
});
