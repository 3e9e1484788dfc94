// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../local/state-directory.mjs';

/**
 * Asks the verifier, as a process of its own: what judges shares nothing with what disturbs.
 * @param {string} directory of the phase
 * @param {{ redisUrl?: string, maxWaitMs: number, extra?: readonly string[] }} options
 * @returns {Promise<{ exitCode: number | null, certificate: any, text: string }>}
 */
export async function certify(directory, { redisUrl, maxWaitMs, extra = [] }) {
  const logs = globSync('logs/*.jsonl', { cwd: directory }).sort();
  const args = [
    join(ROOT, 'scripts/verify/main.mjs'),
    ...['--accepted', 'accepted.jsonl', '--faults', 'faults.jsonl', '--start-stock', 'start-stock.json'],
    ...(redisUrl === undefined ? [] : ['--redis-url', redisUrl]),
    ...['--group', 'inventory', '--max-wait', `${maxWaitMs}ms`, '--strict-lines'],
    ...['--out', '.', '--quiet', ...extra, ...logs],
  ];
  const child = spawn(process.execPath, args, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  child.stdout.on('data', (part) => (text += part));
  child.stderr.on('data', (part) => (text += part));
  const [exitCode] = await once(child, 'close');
  writeFileSync(join(directory, 'verify.txt'), text);
  const file = join(directory, 'certificate.json');
  return {
    exitCode,
    text,
    certificate: existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined,
  };
}

/**
 * @param {any} certificate
 * @returns {string[]} what is violated, a few words each
 */
export function violationsOf(certificate) {
  const { counts, told } = certificate.violations;
  return Object.entries(counts)
    .filter(([, count]) => Number(count) > 0)
    .map(([kind, count]) => {
      const first = told.find((/** @type {any} */ each) => each.kind === kind);
      return `verifier: ${count} ${kind}${first ? `, such as ${first.id ?? ''} ${first.detail}` : ''}`;
    });
}
