// @ts-check
// make logs: the logs of what make up runs, merged, one line per event; goes on until Ctrl-C. --once: what is there.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { logDirectory } from './deployment.mjs';
import { LogFile } from './log-file.mjs';
import { logText, millisecondsOf } from './log-text.mjs';

const EVERY_MS = 200;
/** How much of the past is shown. */
const LAST_LINES = 100;

// Whoever reads us may have read enough: make logs | head
process.stdout.on('error', () => process.exit(0));

const directory = logDirectory();
/** @type {Map<string, LogFile>} */
const files = new Map();

/** @returns {{ at: number, text: string }[]} what all of them wrote since the last call, by time */
function news() {
  for (const name of readdirSync(directory).filter((entry) => entry.endsWith('.jsonl'))) {
    if (!files.has(name)) files.set(name, new LogFile(join(directory, name)));
  }
  return [...files]
    .flatMap(([name, file]) => {
      const pod = name.replace(/\.jsonl$/, '');
      return file.read().map((line) => ({ at: millisecondsOf(line), text: logText(pod, line) }));
    })
    .sort((one, other) => one.at - other.at);
}

const past = news();
if (past.length === 0) console.log('No logs yet: make up starts everything.');
for (const { text } of past.slice(-LAST_LINES)) console.log(text);
while (!process.argv.includes('--once')) {
  for (const { text } of news()) console.log(text);
  await sleep(EVERY_MS);
}
