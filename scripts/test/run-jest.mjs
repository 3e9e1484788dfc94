import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

// Jest writes its results, and then waits for what tests left open, possibly for ever.
const EXIT_GRACE_MS = 10_000;
const POLL_MS = 250;

/** Runs one kind of test; a run that does not end by itself, or ends without results, counts as a failure. */
export async function runJest(kind, args = []) {
  const directory = await mkdtemp(join(tmpdir(), 'onlyonce-jest-'));
  try {
    return await run(kind, args, join(directory, 'results.json'));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function run(kind, args, resultsFile) {
  const colour = process.stdout.isTTY ? ['--colors'] : [];
  const child = spawn(
    join(import.meta.dirname, 'jest.sh'),
    [
      '--selectProjects',
      kind,
      '--passWithNoTests',
      '--json',
      `--outputFile=${resultsFile}`,
      ...colour,
      ...args,
    ],
    // --json also prints the results on stdout, where nobody wants to read them; the report goes to stderr.
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const exited = once(child, 'exit').then(([code]) => code);
  const code = await Promise.race([exited, overdue(resultsFile, exited)]);
  const results = await read(resultsFile);
  if (code === 'overdue') {
    console.log(
      'tests left something open: Jest did not exit; see "left open after the last test" above, or run it',
    );
    console.log('with --detectOpenHandles');
    child.kill('SIGKILL');
    return { ...counts(results), failed: Math.max(1, counts(results).failed) };
  }
  if (!results) return { passed: 0, failed: 1 };
  const { passed, failed } = counts(results);
  return { passed, failed: code === 0 ? failed : Math.max(1, failed) };
}

/** A test file that could not even be loaded has no failed tests to count, yet it failed. */
const counts = (results) => ({
  passed: results?.numPassedTests ?? 0,
  failed: (results?.numFailedTests ?? 0) + (results?.numRuntimeErrorTestSuites ?? 0),
});

async function overdue(resultsFile, exited) {
  let running = true;
  void exited.then(() => (running = false));
  while (running && !(await read(resultsFile))) await sleep(POLL_MS);
  if (running) await sleep(EXIT_GRACE_MS, undefined, { ref: false });
  return running ? 'overdue' : exited;
}

/** The results, or undefined while they are not there in full. */
async function read(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
