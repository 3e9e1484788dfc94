import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { StoreUnavailableError } from '@onlyonce/core';
import { eventually, startRedis, type RedisServer } from '@onlyonce/testing';
import { ConnectionWatch } from '../src/connection/connection-watch.js';
import { translateError } from '../src/errors/translate-error.js';
import { RedisFeed } from '../src/feed/redis-feed.js';
import { Heard } from './support/heard.js';
import { OpenedClients } from './support/opened-clients.js';

const KEYS = 2_000;
/** Makes loading them take about two seconds. */
const LOAD_DELAY_US = 1_000;

let folder: string;
let server: RedisServer;
const clients = new OpenedClients();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onlyonce-loading-'));
  const slowly = [
    '--key-load-delay',
    String(LOAD_DELAY_US),
    '--loading-process-events-interval-bytes',
    '1024',
  ];
  server = await startRedis({ keepData: folder, append: 'off', args: slowly });
});
afterAll(async () => {
  await clients.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

test('while Redis loads its data calls fail at once, and client and feed are back when it has', async () => {
  const client = await clients.open(server.url);
  const watch = new ConnectionWatch(client, { namespace: 'loading' });
  const feed = new RedisFeed(client, { namespace: 'loading' });
  const heard = new Heard();
  try {
    await feed.subscribe('c', heard);
    await client.mset(Object.fromEntries(Array.from({ length: KEYS }, (_, n) => [`k${n}`, 'v'])));
    await client.save();
    await server.kill();
    const starting = server.start();
    await eventually(() => {
      // Connected, asked INFO, waits.
      expect(client.status).toBe('connect');
    });
    expect(watch.available).toBe(false);
    const asked = performance.now();
    const error: unknown = await client.get('k1').catch((thrown: unknown) => thrown);
    expect(translateError(error, 'get')).toBeInstanceOf(StoreUnavailableError);
    expect(performance.now() - asked).toBeLessThan(500);
    await starting;
    await eventually(() => {
      expect(watch.available).toBe(true);
      expect(heard.doorbells).toEqual(['resubscribed']);
    });
    expect(await client.get('k1')).toBe('v');
  } finally {
    watch.stop();
    await feed.close();
  }
});
