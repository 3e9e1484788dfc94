// @ts-check
// make load-test: orders at a rate or as fast as they are answered, then the certificate. See docs/load-test.md.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { styleText } from 'node:util';
import { stateDirectory } from '../local/state-directory.mjs';
import { loadTest } from './load-test.mjs';
import { loadReport } from './report/load-report.mjs';
import { loadSettings } from './settings.mjs';
import { summaryText } from './summary-text.mjs';
import { systemUnderLoad } from './system/system.mjs';

const say = (/** @type {string} */ text) => console.log(text);

let settings;
try {
  settings = loadSettings(process.env);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
}

const startedAt = new Date();
const directory = settings.out
  ? resolve(settings.out)
  : stateDirectory('load-test', startedAt.toISOString().slice(0, 19).replaceAll(/[-:]/g, ''));
mkdirSync(directory, { recursive: true });
if (readdirSync(directory).length > 0) {
  // The logs of an earlier run would be judged as part of this one.
  console.error(`OUT must be a folder that is empty or not there yet: ${directory}`);
  process.exit(2);
}

/** @type {import('./system/system.mjs').System | undefined} */
let system;
for (const [signal, code] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])) {
  process.once(signal, () => {
    console.error('\nInterrupted.');
    void Promise.resolve(system?.clear()).finally(() => process.exit(code));
  });
}
process.on('exit', () => system?.killNow());

try {
  system = await systemUnderLoad(settings, {
    directory,
    since: startedAt,
    say,
    starting: (own) => {
      system = own;
    },
  });
  say(`Under load: ${system.what}.`);
  const { summary, ledger } = await loadTest(settings, {
    system,
    directory,
    startedAt,
    say,
    stream: process.stdout,
  });
  const files = { summary: join(directory, 'summary.json'), report: join(directory, 'load-test.html') };
  writeFileSync(files.summary, `${JSON.stringify(summary, null, 2)}\n`);
  writeFileSync(files.report, loadReport(summary, ledger));
  say(summaryText(summary));
  const proved = summary.faults.length === 0;
  say(
    `  ${relative(process.cwd(), directory) || '.'} has it all: load-test.html, summary.json, certificate.json, report.html, logs`,
  );
  say(
    styleText(
      [proved ? 'green' : 'red', 'bold'],
      proved
        ? `PROVED: ${summary.figures.settled} orders took effect once`
        : `NOT PROVED: ${summary.faults.join('; ')}`,
    ),
  );
  process.exitCode = proved ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.log('NOT PROVED: the load test could not be done');
  process.exitCode = 1;
} finally {
  await system?.clear();
  // A stream of standard input that goes on would keep us.
  process.stdin.destroy();
}
