// make model-check: every history of the protocol's model, within the bounds that are printed, and the counter-examples
// of what it must not be. DEEP=1 adds the larger ones. See docs/model.md.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GROUPS } from './checks.mjs';
import { checkModel, missingTools } from './spin.mjs';

const OUT = join(import.meta.dirname, '../../.onlyonce/model-check');

const deep = process.env.DEEP ?? '';
if (!['', '0', '1'].includes(deep)) {
  console.error(`model-check: DEEP must be 0 or 1, not "${deep}"`);
  process.exit(2);
}
const missing = await missingTools();
if (missing !== '') {
  console.error(
    `model-check: needs ${missing}, from your distribution's packages (apt-get install spin gcc)`,
  );
  process.exit(2);
}

await mkdir(OUT, { recursive: true });
let surprises = 0;
let states = 0;
for (const { title, checks } of GROUPS) {
  console.log(`\n${title}`);
  for (const check of checks.filter((one) => deep === '1' || !one.deep)) {
    process.stdout.write(`  ${check.name.padEnd(46)} `);
    const result = await checkModel(check);
    states += result.states;
    const asExpected = result.found === check.expect;
    if (!asExpected) surprises += 1;
    const found = result.found === 'holds' ? 'holds' : 'counter-example';
    const effort = `${result.states.toLocaleString('en')} states, ${result.seconds.toFixed(1)} s`;
    console.log(
      `${found.padEnd(16)}${asExpected ? '' : 'UNEXPECTED '} ${effort.padEnd(28)} ${check.because}`,
    );
    if (result.history.length > 0) {
      const file = join(OUT, `${check.model}-${check.name.replace(/[^a-z0-9]+/gi, '-')}.txt`);
      const head = [
        check.name,
        `fails: ${result.what || 'a history without end'}`,
        check.flags.join(' '),
        '',
      ];
      await writeFile(file, `${[...head, ...result.history].join('\n')}\n`);
    }
  }
}
console.log('\nCounter-examples, step by step: .onlyonce/model-check/');
console.log(
  surprises === 0
    ? `PROVED within these bounds: ${states.toLocaleString('en')} states looked at`
    : `FAILED: ${surprises} of the checks did not end as they must`,
);
process.exitCode = surprises === 0 ? 0 : 1;
