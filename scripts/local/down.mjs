// @ts-check
// make down: stops what make up started, and says so. The data stays; with --data it goes as well (make clean).
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { docker, dockerAnswers } from './docker.mjs';
import { logDirectory, REDIS_VOLUME, startedList } from './deployment.mjs';
import { stateDirectory } from './state-directory.mjs';

/** More than the pods allow themselves for what they have in flight. */
const GRACE_MS = 30_000;

const ended = await startedList().endAll(GRACE_MS);
for (const { name, how } of ended) console.log(`${name.padEnd(12)} ${how}`);
if (ended.length === 0) console.log('Nothing was running.');

if (process.argv.includes('--data')) {
  if (await dockerAnswers()) await docker(['volume', 'rm', '--force', REDIS_VOLUME]);
  rmSync(join(stateDirectory(), 'redis'), { recursive: true, force: true });
  rmSync(logDirectory(), { recursive: true, force: true });
  console.log('Data and logs deleted.');
} else if (ended.length > 0) {
  console.log('Stock, orders and logs are kept for the next make up.');
}
