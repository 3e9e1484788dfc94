// Runs the named steps one after the other, all of them even when one fails, and ends with the sum on a line of its own:
//   node scripts/test/main.mjs lint types imports unit int e2e
import { runCommand } from './run-command.mjs';
import { runJest } from './run-jest.mjs';

const make = (target) => () => runCommand('make', ['--no-print-directory', target]);

const STEPS = {
  lint: { title: 'Lint', run: make('lint') },
  types: { title: 'Types and build', run: make('types') },
  imports: { title: 'Import rules', run: make('imports') },
  unit: { title: 'Unit tests', run: () => runJest('unit') },
  int: { title: 'Integration tests, against a real Redis', run: () => runJest('int', ['--maxWorkers=2']) },
  // One at a time: each starts several processes, and its deadlines are in seconds.
  e2e: { title: 'End-to-end tests, with real processes', run: () => runJest('e2e', ['--runInBand']) },
};

const steps = process.argv.slice(2);
const unknown = steps.filter((step) => !(step in STEPS));
if (steps.length === 0 || unknown.length > 0) {
  console.error(
    `usage: main.mjs step...   steps: ${Object.keys(STEPS).join(' ')}   unknown: ${unknown.join(' ')}`,
  );
  process.exit(2);
}

let passed = 0;
let failed = 0;
const broken = [];
for (const step of steps) {
  const { title, run } = STEPS[step];
  console.log(`\n==== ${title}`);
  const began = performance.now();
  const result = await run();
  passed += result.passed;
  failed += result.failed;
  if (result.failed > 0) broken.push(step);
  console.log(
    `---- ${result.failed > 0 ? 'FAILED' : 'ok'} (${((performance.now() - began) / 1000).toFixed(1)} s)`,
  );
}
if (broken.length > 0) console.log(`\nfailed: ${broken.join(', ')}`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
