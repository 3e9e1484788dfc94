#!/usr/bin/env node
// @ts-check
// onlyonce-verify: the certificate. See docs/verify.md, or --help.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { readArguments, UsageError } from './arguments.mjs';
import { ProgressBar } from './progress.mjs';
import { certificateOf } from './report/certificate.mjs';
import { htmlReport } from './report/html-report.mjs';
import { printable } from './report/printable.mjs';
import { summaryOf } from './report/summary.mjs';
import { openSources } from './sources/open-sources.mjs';
import { USAGE } from './usage.mjs';
import { verify } from './verify.mjs';

// Lines live for a moment: a nursery of 8 MB collects them as fast as one of 32, and saves 130 MB (10^7 lines).
setFlagsFromString('--max-semi-space-size=8');

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8'));

// Whoever reads us may have read enough: make verify | head
process.stdout.on('error', () => process.exit());

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof UsageError) {
    for (const fault of error.faults) console.error(`onlyonce-verify: ${printable(fault)}`);
    console.error('onlyonce-verify --help lists what there is');
    process.exitCode = 2;
  } else {
    // Nothing is proved when a witness does not answer.
    console.error(`onlyonce-verify: ${printable(error instanceof Error ? error.message : String(error))}`);
    process.exitCode = 1;
  }
}

async function main() {
  const options = readArguments(process.argv.slice(2), process.env);
  if (options.help || options.version) {
    console.log(options.help ? USAGE : version);
    return 0;
  }
  const { sources, close } = openSources(options, {
    stdin: process.stdin,
    env: process.env,
    say: (text) => {
      if (!options.quiet) console.error(printable(text));
    },
  });
  try {
    const totalBytes = sources.reduce((sum, { bytes }) => sum + (bytes ?? Number.NaN), 0);
    const verdict = await verify(options, {
      sources,
      apiKey: process.env['API_KEY'],
      progress: (label) =>
        new ProgressBar(options.quiet ? { write: () => undefined } : process.stderr, {
          label,
          totalBytes: Number.isNaN(totalBytes) ? undefined : totalBytes,
          now: () => performance.now(),
        }),
    });
    const certificate = certificateOf(verdict, { version, at: new Date(), options });
    mkdirSync(options.out, { recursive: true });
    const files = {
      certificate: join(options.out, 'certificate.json'),
      report: join(options.out, 'report.html'),
    };
    writeFileSync(files.certificate, `${JSON.stringify(certificate, null, 2)}\n`);
    writeFileSync(files.report, htmlReport(certificate, verdict));
    if (!options.quiet) {
      console.log(summaryOf(certificate));
      console.log(`\n${files.certificate} and ${files.report} have it all.`);
    }
    return certificate.verdict === 'proved' ? 0 : 1;
  } finally {
    close();
  }
}
