import { afterAll, beforeAll } from '@jest/globals';
import { systemRandom } from '@onlyonce/core';
import { startRedis, type RedisServer } from '@onlyonce/testing';
import { describeFeed, describeMessageStore, type StoreUnderTest } from '@onlyonce/testing/conformance';
import { setTimeout as pause } from 'node:timers/promises';
import { openClient, redisBackend, redisConnection, storeKey, type RedisClient } from '../src/index.js';

const HORIZON_MS = 7 * 86_400_000;

let server: RedisServer;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(async () => {
  await server.stop();
});

async function connect(pod: string): Promise<RedisClient> {
  const client = openClient(redisConnection({ url: server.url, pod }));
  client.on('error', () => undefined);
  if (client.status !== 'ready') await new Promise((resolve) => client.once('ready', resolve));
  return client;
}

async function makeStore(): Promise<StoreUnderTest> {
  const namespace = `test-${systemRandom.nonce()}`;
  const closers: (() => Promise<void>)[] = [];
  const open = async (pod: string): Promise<StoreUnderTest['backend']> => {
    const client = await connect(pod);
    const backend = redisBackend({ client, namespace, retentionMs: HORIZON_MS, callDeadlineMs: 5_000 });
    closers.push(async () => {
      await backend.close();
      client.disconnect();
    });
    return backend;
  };
  const backend = await open('first');
  const witness = await connect('witness');
  closers.push(async () => {
    witness.disconnect();
    await Promise.resolve();
  });
  return {
    backend,
    another: () => open('another'),
    readHash: (key) => witness.hgetall(storeKey(namespace, key)),
    readMembers: (key) => readMembers(witness, storeKey(namespace, key)),
    nowMs: () => Date.now(),
    passMs: (ms) => pause(ms),
    close: async () => {
      for (const close of closers) await close();
    },
  };
}

async function readMembers(witness: RedisClient, key: string): Promise<string[]> {
  switch (await witness.type(key)) {
    case 'set':
      return witness.smembers(key);
    case 'list':
      return witness.lrange(key, 0, -1);
    case 'zset':
      return witness.zrange(key, '0', '-1');
    default:
      return [];
  }
}

describeMessageStore('redis', makeStore, { horizonMs: HORIZON_MS, freeTime: false, repeatablePull: false });
describeFeed('redis', makeStore);
