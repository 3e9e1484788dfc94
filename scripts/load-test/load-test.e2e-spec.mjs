import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Processes } from '../local/processes.mjs';
import { startRedis } from '../local/redis.mjs';
import { ROOT } from '../local/state-directory.mjs';

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'onlyonce-load-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the load test as make does, with nothing else of ours in the environment. */
async function loadTest(settings) {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, LOCAL_REDIS: 'server', OUT: join(folder, 'out'), ...settings };
  const child = spawn(process.execPath, [join(ROOT, 'scripts/load-test/main.mjs')], { env });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (text += part));
  const [code] = await once(child, 'close');
  const read = (name) => readFileSync(join(folder, 'out', name), 'utf8');
  return { code, text, read };
}

describe('with processes of its own', () => {
  test('300 orders, a fifth of them twice, two replicas: proved, with figures and plots', async () => {
    const { code, text, read } = await loadTest({
      ORDERS: '300',
      REPLICAS: '2',
      DUPLICATES: '0.2',
      CONNECTIONS: '16',
    });
    expect(text).toContain('PROVED: 300 orders took effect once');
    expect(code).toBe(0);
    const { figures, certificate, faults } = JSON.parse(read('summary.json'));
    expect(faults).toEqual([]);
    expect(figures).toMatchObject({
      ...{
        orders: 300,
        accepted: 300,
        settled: 300,
        processed: 300,
        rejected: 0,
        dead: 0,
        unknown: 0,
        refused: 0,
      },
      ...{ acceptedTwice: 0, repeats: { answered: 60, calledDuplicate: 60 }, errors: {} },
    });
    expect(figures.latencyMs.postToAnswer).toMatchObject({ count: 300 });
    expect(figures.latencyMs.postToEffect).toMatchObject({ count: 300 });
    expect(figures.latencyMs.postToEffect.p50).toBeGreaterThan(0);
    expect(certificate).toMatchObject({ verdict: 'proved', stock: { items: 20, right: 20 } });
    expect(certificate.groups.find(({ group }) => group === 'inventory')).toMatchObject({
      accepted: 300,
      processed: 300,
    });
    const list = read('orders.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(new Set(list.map(({ orderId }) => orderId)).size).toBe(300);
    expect(list.every(({ accepted }) => accepted === true)).toBe(true);
    const html = read('load-test.html');
    expect(html.match(/<svg/g)).toHaveLength(5);
    expect(html).not.toMatch(/<script|https?:\/\/(?!127\.)/);
    const pids = ['order-1', 'inventory-1', 'inventory-2'].map((pod) => read(`logs/${pod}.jsonl`));
    for (const log of pids) expect(log).toContain('"service.stopped"');
  });
});

describe('with a system that somebody else runs', () => {
  let redis;
  let processes;
  let order;
  let inventory;
  let home;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'onlyonce-load-system-'));
    redis = await startRedis({ name: `load-e2e-${process.pid}`, directory: home, first: 'server' });
    processes = new Processes({ logDirectory: home, env: { REDIS_URL: redis.url } });
    order = await processes.start('order', 'order-1', { env: { API_KEY: 'one' } });
    inventory = await processes.start('inventory', 'inventory-1', { env: { ADMIN_API_KEY: 'two' } });
    await processes.allReady();
  });
  afterAll(async () => {
    await processes?.endAll('SIGTERM');
    await redis?.remove();
    rmSync(home, { recursive: true, force: true });
  });

  test('its log files are read from now on, its stock is set and compared', async () => {
    for (const run of [1, 2]) {
      const { code, read, text } = await loadTest({
        ...{
          TARGET: order.url,
          INVENTORY_URL: inventory.url,
          LOGS: join(home, '*.jsonl'),
          OUT: join(folder, `out`, `${run}`),
        },
        ...{ ORDERS: '50', RATE: '500', DUPLICATES: '0.1', API_KEY: 'one', ADMIN_API_KEY: 'two' },
      });
      expect(text).toContain('PROVED: 50 orders took effect once');
      expect(code).toBe(0);
      const { figures, certificate } = JSON.parse(read(`${run}/summary.json`));
      expect(figures).toMatchObject({ accepted: 50, processed: 50, repeats: { calledDuplicate: 5 } });
      // Only what belongs to this run is judged.
      expect(certificate.groups.find(({ group }) => group === 'inventory')).toMatchObject({ accepted: 50 });
      expect(certificate.stock).toMatchObject({ items: 20, right: 20 });
      expect(read(`${run}/summary.json`)).not.toContain('"two"');
    }
  });

  test('without logs there are figures, by what the order service says, and no proof', async () => {
    const { code, read } = await loadTest({ TARGET: order.url, ORDERS: '20', API_KEY: 'one' });
    expect(code).toBe(1);
    const { figures, faults, certificate } = JSON.parse(read('summary.json'));
    // Nobody set stock for them: the business said no, once each.
    expect(figures).toMatchObject({ accepted: 20, settled: 20, rejected: 20 });
    expect(certificate).toBeNull();
    expect(faults).toEqual(['not judged: there are no logs (LOGS)']);
  });

  test('a key that is wrong is told as such', async () => {
    const { code, text, read } = await loadTest({
      ...{
        TARGET: order.url,
        INVENTORY_URL: inventory.url,
        ORDERS: '20',
        API_KEY: 'wrong',
        ADMIN_API_KEY: 'two',
      },
    });
    expect(code).toBe(1);
    expect(JSON.parse(read('summary.json')).figures).toMatchObject({
      accepted: 0,
      refused: 20,
      errors: { 401: 20 },
    });
    expect(text).toContain('no order was accepted');
  });
});

test('a setting that is wrong, and a folder that is not empty, end it before anything is started', async () => {
  expect(await loadTest({ ORDERS: 'many', TARGET: 'x' })).toMatchObject({
    code: 2,
    text: expect.stringMatching(/TARGET must be.*\n?/),
  });
  const { code, text } = await loadTest({ OUT: ROOT });
  expect({ code, text }).toMatchObject({
    code: 2,
    text: expect.stringContaining('OUT must be a folder that is empty'),
  });
});
