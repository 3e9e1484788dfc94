import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../scripts/local/free-port.mjs';
import { waitFor } from '../../scripts/local/wait-for.mjs';
import { call } from './support/http.js';
import { Shop } from './support/shop.js';

const run = promisify(execFile);
const page = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');

/** By the word behind `sh`: blocks without one and `logs` want running services; kubectl, sentinel and verify are tried by others. */
const blocksOf = (kind: string): string[] =>
  [...page.matchAll(/^( *)```sh( \w+)?\n([^]*?)^ *```$/gm)]
    .filter(([, , tag]) => (tag ?? '').trim() === kind)
    .map(([, indent = '', , text = '']) => text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''));

const missing = ['jq', 'curl', 'redis-cli', 'redis-server', 'redis-check-aof'].filter((tool) => {
  try {
    execFileSync('sh', ['-c', `command -v ${tool}`], { stdio: 'ignore' });
    return false;
  } catch {
    return true;
  }
});
if (missing.length > 0) process.stderr.write(`SKIPPED: docs/runbook.md uses ${missing.join(', ')}\n`);
const withTools = missing.length === 0 ? describe : describe.skip;

withTools('the commands of docs/runbook.md', () => {
  const directory = mkdtempSync(join(tmpdir(), 'onlyonce-runbook-'));
  let shop: Shop;
  let env: NodeJS.ProcessEnv;

  /** @returns what it prints; redis-cli tells a refusal there, and ends with 0 all the same */
  async function sh(block: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
    const text = block
      .replace('http://localhost:3001', shop.order.url)
      .replace('http://localhost:3002', shop.inventory.url);
    const options = { cwd: directory, env: { ...env, ...more }, timeout: 30_000 };
    const { stdout } = await run('bash', ['--norc', '-eu', '-c', text], options);
    expect(stdout).not.toMatch(/^(ERR|WRONGTYPE|NOPERM|NOAUTH|\(error\))/m);
    return stdout;
  }

  beforeAll(async () => {
    shop = await Shop.open({ name: 'runbook', replicas: 1, env: { MAX_ATTEMPTS: '1' } });
    env = {
      PATH: process.env['PATH'],
      ORDER: shop.order.url,
      INVENTORY: shop.inventory.url,
      REDIS_URL: shop.redis.url,
      LOGS: [...shop.orderPods, ...shop.inventories].map(({ logFile }) => logFile).join(' '),
    };
    // A dead letter: what is on stock is no number.
    await shop.ask('HSET', '{shop}:stock', 'broken', 'abc');
    await call('POST', `${shop.order.url}/orders`, {
      orderId: 'o-1',
      items: [{ id: 'broken', quantity: 1 }],
    });
    await waitFor('a dead letter', async () => (await statusOf('o-1')) === 'FAILED', { deadlineMs: 20_000 });
    await shop.ask('HSET', '{shop}:stock', 'broken', '10');
  });
  afterAll(async () => {
    await shop.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const statusOf = async (orderId: string): Promise<unknown> =>
    (await call('GET', `${shop.order.url}/orders/${orderId}`)).body['status'];

  it('work on running services, and a dead letter is redriven by them', async () => {
    const said: string[] = [];
    for (const block of blocksOf('')) said.push(await sh(block));
    expect(said.length).toBeGreaterThan(8);
    const all = said.join('\n');
    for (const seen of [
      '"acceptance"',
      'onlyonce_backlog_depth',
      'used_memory:',
      'evicted_keys:0',
      'o-1',
      'PONG',
    ])
      expect(all).toContain(seen);
    await waitFor('the redriven order', async () => (await statusOf('o-1')) === 'CONFIRMED', {
      deadlineMs: 20_000,
    });
    expect(await shop.ask('HGET', '{shop}:stock', 'broken')).toBe('9');
  });

  it('read the logs', async () => {
    const said: string[] = [];
    for (const block of blocksOf('logs')) said.push(await sh(block));
    expect(said.length).toBe(3);
    expect(said[0]).toContain('"event":"message.dead"');
    expect(said[1]).toMatch(/^ *1 \S/m);
    // Every accepted order is known.
    expect(said[2]).toBe('');
  });

  it('bring a backup back as an append-only file that is whole', async () => {
    const PORT = String(await freePort());
    const keys = Number(await shop.ask('DBSIZE'));
    for (const block of blocksOf('restore')) await sh(block, { PORT });
    const DATA = join(directory, 'restored');
    for (const block of blocksOf('torn')) expect(await sh(block, { DATA })).toMatch(/AOF|valid/i);
    const start = `redis-server --dir "$DATA" --port "$PORT" --appendonly yes --save '' --daemonize yes &&
      until redis-cli -p "$PORT" PING | grep -q PONG; do sleep 0.1; done
      redis-cli -p "$PORT" DBSIZE; redis-cli -p "$PORT" HGET '{shop}:stock' broken; redis-cli -p "$PORT" SHUTDOWN NOSAVE FORCE`;
    const [size, left] = (await sh(start, { PORT, DATA })).trim().split('\n');
    expect(Number(size)).toBeGreaterThan(keys / 2);
    expect(left).toBe('9');
  });
});
