import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemRandom, type Backend } from '@onlyonce/core';
import { startRedis, type RedisServer } from '@onlyonce/testing';
import { redisBackend } from '../src/index.js';
import { planLayout } from '../src/store/layout.js';
import { OpenedClients } from './support/opened-clients.js';

const HORIZON_MS = 3_600_000;
const RATE = 1_000;
const { sliceMs } = planLayout(RATE, HORIZON_MS);

/** Days cannot pass in a test, so what days would leave behind is put there by hand. */
describe('forgetting ids on a real Redis', () => {
  let server: RedisServer;
  let backend: Backend;
  let namespace: string;
  const clients = new OpenedClients();

  beforeAll(async () => {
    server = await startRedis({ append: 'off' });
  });
  afterAll(async () => {
    await clients.close();
    await server.stop();
  });
  beforeEach(async () => {
    namespace = `prune-${systemRandom.nonce()}`;
    const client = await clients.open(server.url);
    backend = redisBackend({ client, namespace, retentionMs: HORIZON_MS, expectedMessagesPerSecond: RATE });
    await backend.store.register({ channel: 'c', group: 'g' }, 'earliest');
  });
  afterEach(() => backend.close());

  const key = (name: string): string => `{${namespace}}:c:${name}`;
  const sliceAgo = (agoMs: number): number => Math.floor((Date.now() - agoMs) / sliceMs);

  /** A remembered and processed id of that slice, as publish and commit leave them. */
  async function rememberIn(bucket: string): Promise<string[]> {
    const client = await clients.open(server.url);
    const keys = [key(`ids:${bucket}`), key(`g:done:${bucket}`)];
    for (const name of keys) await client.hset(name, 'id', 'C');
    return keys;
  }

  async function pruneAll(): Promise<number> {
    let removed = 0;
    for (;;) {
      const result = await backend.store.prune('c');
      removed += result.removed;
      if (result.finished) return removed;
    }
  }

  it('forgets what publish refuses as too old, on both sides, and nothing younger', async () => {
    const client = await clients.open(server.url);
    // As if the channel had been in use for three hours.
    await client.hset(key('pruned'), 'slice', String(sliceAgo(3 * HORIZON_MS)));
    const old = await rememberIn(`s${sliceAgo(2 * HORIZON_MS)}`);
    const edge = await rememberIn(`s${sliceAgo(HORIZON_MS + 60_000)}`);
    const young = await rememberIn(`s${sliceAgo(HORIZON_MS / 2)}`);
    expect(await pruneAll()).toBe(2);
    expect(await client.exists(...old)).toBe(0);
    // Within the slack for clocks that step and ids issued ahead.
    expect(await client.exists(...edge)).toBe(2);
    expect(await client.exists(...young)).toBe(2);
  });

  it('keeps ids for as long as the backlog holds an entry of their time: an outage of any length forgets nothing', async () => {
    const client = await clients.open(server.url);
    await client.hset(key('pruned'), 'slice', String(sliceAgo(3 * HORIZON_MS)));
    const kept = await rememberIn(`s${sliceAgo(2 * HORIZON_MS)}`);
    const entry = `${Date.now() - 2 * HORIZON_MS}-0`;
    await client.xadd(key('g:log'), entry, 'm', 'h1 id\tid\t\t{}');
    await pruneAll();
    expect(await client.exists(...kept)).toBe(2);
    await client.xdel(key('g:log'), entry);
    expect(await pruneAll()).toBe(2);
  });

  it('forgets a generation of ids without a time when the one after it is over', async () => {
    const client = await clients.open(server.url);
    const now = Math.floor(Date.now() / HORIZON_MS);
    await client.hset(key('pruned'), 'generation', String(now - 2), 'bucket', '0');
    const over = await rememberIn(`${now - 2}h7`);
    const asked = await rememberIn(`${now - 1}h7`);
    expect(await pruneAll()).toBe(2);
    expect(await client.exists(...over)).toBe(0);
    expect(await client.exists(...asked)).toBe(2);
  });
});
