import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { counterExample } from './counter-example.mjs';
import { readVerdict } from './verdict.mjs';

const run = promisify(execFile);
const MODELS = import.meta.dirname;
/** Steps of one history. A longer one makes Spin say that it looked at less than everything, which counts as an error. */
const DEEPEST = 300_000;

/**
 * Lets Spin look at every history that the check allows.
 *
 * @param {import('./checks.mjs').Check} check
 * @returns {Promise<{ found: 'holds' | 'fails', states: number, seconds: number, what: string, history: string[] }>}
 *   `history` is the counter-example, one step a line.
 * @throws {Error} if Spin or the compiler fails, or did not look at everything
 */
export async function checkModel({ model, flags, property }) {
  const directory = await mkdtemp(join(tmpdir(), 'onlyonce-model-'));
  const liveness = property === 'liveness';
  const defines = [...flags, ...(liveness ? ['LIVENESS'] : [])].map((flag) => `-D${flag}`);
  // In the directory where Spin looks for its own files.
  const source = `${model}.pml`;
  try {
    const here = { cwd: directory, maxBuffer: 64 * 1024 * 1024 };
    await copyFile(join(MODELS, source), join(directory, source));
    await run('spin', ['-a', ...defines, source], here);
    const kind = liveness ? ['-DNFAIR=4'] : ['-DSAFETY'];
    await run('gcc', ['-w', '-O1', '-DVECTORSZ=2048', '-DCOLLAPSE', ...kind, '-o', 'pan', 'pan.c'], here);
    const search = liveness ? ['-a', '-f'] : [];
    const began = performance.now();
    const { stdout } = await run('./pan', [...search, `-m${DEEPEST}`, '-w24'], here);
    const seconds = (performance.now() - began) / 1000;
    const { errors, states, what, complete } = readVerdict(stdout);
    if (!complete && errors === 0) throw new Error(`Spin did not look at every history:\n${stdout}`);
    if (errors === 0) return { found: 'holds', states, seconds, what: '', history: [] };
    const trail = await run('spin', ['-t', '-T', ...defines, source], {
      ...here,
      maxBuffer: 256 * 1024 * 1024,
    });
    return { found: 'fails', states, seconds, what, history: counterExample(trail.stdout) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** @returns {Promise<string>} '' when Spin and a C compiler are there, else what is missing */
export async function missingTools() {
  /** @type {string[]} */
  const missing = [];
  for (const [tool, argument] of Object.entries({ spin: '-V', gcc: '--version' })) {
    await run(tool, [argument]).catch(() => missing.push(tool));
  }
  return missing.join(' and ');
}
