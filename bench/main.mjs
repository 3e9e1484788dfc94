// @ts-check
// `make bench`: Onlyonce beside its peers, on this machine, in one run. docs/performance.md says how to read it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { exitCodeOf, faultsOf } from './figures/targets.mjs';
import { killChildren } from './process/child.mjs';
import { Progress } from './progress.mjs';
import { killOwnRedises } from './redis/own-redis.mjs';
import { htmlReport } from './report/html.mjs';
import { markdownReport } from './report/markdown.mjs';
import { tablesOf } from './report/tables.mjs';
import { textTable } from './report/text.mjs';
import { runBench } from './run.mjs';
import { benchSettings } from './settings.mjs';

process.on('exit', () => {
  killChildren();
  killOwnRedises();
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
  process.on(signal, () => process.exit(130));

try {
  const settings = benchSettings(process.env);
  const progress = new Progress();
  const results = await runBench(settings, progress);
  for (const table of tablesOf(results)) process.stdout.write(`\n${textTable(table)}\n`);
  const directory = resolve(import.meta.dirname, '..', settings.out);
  const base = join(directory, `${results.beganAt.slice(0, 10)}-bench`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(`${base}.json`, `${JSON.stringify(results, undefined, 1)}\n`);
  writeFileSync(`${base}.html`, htmlReport(results));
  writeFileSync(`${base}.md`, markdownReport(results));
  process.stdout.write(`\nwritten: ${base}.json, .html, .md\n`);
  if (results.failures.length > 0) {
    process.stderr.write(`\nnot everything could be measured:\n${results.failures.join('\n')}\n`);
  }
  const faults = faultsOf(results);
  if (faults > 0) {
    process.stderr.write(
      `\n${faults} messages of Onlyonce did not take effect exactly once: see "books" in ${base}.json\n`,
    );
  }
  process.exitCode = exitCodeOf(results);
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
