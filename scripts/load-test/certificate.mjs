// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../local/state-directory.mjs';

const VERIFIER = join(ROOT, 'scripts/verify/main.mjs');

/**
 * Has the verifier judge what happened, in a process of its own.
 * @param {{
 *   directory: string, logFiles: readonly string[], judgedBy: readonly string[], maxWait: string, group: string,
 *   stocked: boolean,
 * }} run   directory: where the list of orders and the stock lie, and the certificate goes
 * @returns {Promise<any>} the certificate
 * @throws Error when it cannot judge
 */
export async function certify({ directory, logFiles, judgedBy, maxWait, group, stocked }) {
  const stock = [
    '--start-stock',
    join(directory, 'start-stock.json'),
    '--end-stock',
    join(directory, 'end-stock.json'),
  ];
  const args = [
    ...['--accepted', join(directory, 'orders.jsonl'), '--max-wait', maxWait, '--out', directory],
    ...(group === '' ? [] : ['--group', group]),
    ...(stocked ? stock : []),
    ...judgedBy,
    ...logFiles,
  ];
  const child = spawn(process.execPath, [VERIFIER, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'exit');
  const file = join(directory, 'certificate.json');
  if (!existsSync(file)) throw new Error(`the verifier ended with ${code} and wrote no certificate`);
  return JSON.parse(readFileSync(file, 'utf8'));
}
