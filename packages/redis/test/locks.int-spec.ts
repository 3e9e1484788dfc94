import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { InvalidInputError, StoreRefusedError, StoreUnavailableError, systemClock } from '@onlyonce/core';
import { startRedis, type RedisServer } from '@onlyonce/testing';
import { describeLockProvider, type LocksUnderTest } from '@onlyonce/testing/conformance';
import { RedisLockProvider } from '../src/locks/redis-lock-provider.js';
import { RedlockLockProvider } from '../src/locks/redlock-lock-provider.js';
import { redlockOver } from '../src/locks/redlock-over.js';
import { OpenedClients } from './support/opened-clients.js';

const NAMESPACE = 'locks';
const TTL_MS = 5_000;

const servers: RedisServer[] = [];
const clients = new OpenedClients();

beforeAll(async () => {
  for (let n = 0; n < 3; n += 1) servers.push(await startRedis({ append: 'off' }));
});
afterEach(async () => {
  await clients.close();
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
});

function server(index: number): RedisServer {
  const found = servers[index];
  if (!found) throw new Error('only inside a test');
  return found;
}

async function underTest(make: () => Promise<LocksUnderTest['provider']>): Promise<LocksUnderTest> {
  return {
    provider: await make(),
    another: make,
    monotonicMs: () => systemClock.monotonicMs(),
    passMs: (ms) => sleep(ms),
    close: () => clients.close(),
  };
}

const single = async (): Promise<RedisLockProvider> =>
  new RedisLockProvider(await clients.open(server(0).url), { namespace: NAMESPACE });
const overThree = async (): Promise<RedlockLockProvider> =>
  new RedlockLockProvider(await Promise.all(servers.map(({ url }) => clients.open(url))), {
    namespace: NAMESPACE,
  });

describeLockProvider('RedisLockProvider', () => underTest(single), { extendsExpiredLocks: false });
describeLockProvider('RedlockLockProvider over three nodes', () => underTest(overThree), {
  extendsExpiredLocks: false,
});
describeLockProvider(
  'RedlockLockProvider over one node',
  () =>
    underTest(
      async () => new RedlockLockProvider([await clients.open(server(0).url)], { namespace: NAMESPACE }),
    ),
  { extendsExpiredLocks: false },
);

describe('RedisLockProvider', () => {
  test('a key that holds something else is refused, not taken', async () => {
    const client = await clients.open(server(0).url);
    await client.hset(`{${NAMESPACE}}:~lock:odd`, 'a', 'b');
    const locks = new RedisLockProvider(client, { namespace: NAMESPACE });
    expect(await locks.acquire('odd', TTL_MS)).toEqual({ kind: 'busy' });
    await expect(
      locks.extend({ resource: 'odd', value: 'x', validUntilMs: Infinity }, TTL_MS),
    ).rejects.toBeInstanceOf(StoreRefusedError);
    await client.del(`{${NAMESPACE}}:~lock:odd`);
  });
});

describe('RedlockLockProvider', () => {
  test('an even number of nodes is refused: redlock would wait for ever on a tie', async () => {
    const two = [await clients.open(server(0).url), await clients.open(server(1).url)];
    expect(() => new RedlockLockProvider(two, { namespace: NAMESPACE })).toThrow(InvalidInputError);
    expect(() => new RedlockLockProvider([], { namespace: NAMESPACE })).toThrow(InvalidInputError);
  });

  test('the lock survives the loss of one node, and one node alone decides nothing', async () => {
    const faults: Error[] = [];
    const nodes = await Promise.all(servers.map(({ url }) => clients.open(url)));
    const locks = new RedlockLockProvider(nodes, {
      namespace: NAMESPACE,
      onNodeError: (error) => faults.push(error),
    });
    await server(2).kill();
    try {
      const attempt = await locks.acquire('a', TTL_MS);
      if (attempt.kind !== 'acquired') throw new Error('a majority is enough');
      expect(await locks.acquire('a', TTL_MS)).toEqual({ kind: 'busy' });
      expect(await locks.extend(attempt.lock, TTL_MS)).toMatchObject({ kind: 'acquired' });
      expect(faults.length).toBeGreaterThan(0);

      await server(1).kill();
      await expect(locks.acquire('b', TTL_MS)).rejects.toBeInstanceOf(StoreUnavailableError);
      await expect(locks.extend(attempt.lock, TTL_MS)).rejects.toBeInstanceOf(StoreUnavailableError);
      await expect(locks.release(attempt.lock)).rejects.toBeInstanceOf(StoreUnavailableError);
      // What the failed attempt took from the one node left was given back.
      expect(await nodes[0]?.exists(`{${NAMESPACE}}:~lock:b`)).toBe(0);
    } finally {
      await Promise.all([server(1).start(), server(2).start()]);
    }
  });

  test('a node that answers nothing costs its deadline and no more', async () => {
    const locks = await overThree();
    await server(1).pause();
    try {
      const started = performance.now();
      const attempt = await locks.acquire('slow', TTL_MS);
      expect(attempt.kind).toBe('acquired');
      expect(performance.now() - started).toBeLessThan(400);
      if (attempt.kind === 'acquired') await locks.release(attempt.lock);
      await server(2).pause();
      const asked = performance.now();
      await expect(locks.acquire('slower', TTL_MS)).rejects.toBeInstanceOf(StoreUnavailableError);
      // One deadline for the votes and one for giving back what was taken.
      expect(performance.now() - asked).toBeLessThan(2_000);
    } finally {
      await Promise.all([server(1).resume(), server(2).resume()]);
    }
  });

  test('a lock that a majority of nodes forgot is lost', async () => {
    const locks = await overThree();
    const attempt = await locks.acquire('forgotten', TTL_MS);
    if (attempt.kind !== 'acquired') throw new Error('nobody holds it');
    for (const index of [0, 1]) await (await clients.open(server(index).url)).flushall();
    expect(await locks.extend(attempt.lock, TTL_MS)).toEqual({ kind: 'busy' });
  });

  test('a user without rights is told so', async () => {
    const nodes = await Promise.all(
      servers.map(async ({ url }) => {
        const admin = await clients.open(url);
        await admin.call('ACL', 'SETUSER', 'weak', 'on', '>pw', '~*', '+@connection', '+info');
        return clients.open(url, { username: 'weak', password: 'pw' });
      }),
    );
    const locks = new RedlockLockProvider(nodes, { namespace: NAMESPACE });
    await expect(locks.acquire('a', TTL_MS)).rejects.toBeInstanceOf(StoreRefusedError);
  });
});

describe('redlockOver', () => {
  test('opens its own clients and closes them', async () => {
    const { locks, close } = await redlockOver(
      servers.map(({ url }) => url),
      { namespace: NAMESPACE, pod: 'p' },
    );
    expect(await locks.acquire('own', TTL_MS)).toMatchObject({ kind: 'acquired' });
    await close();
    await expect(locks.acquire('own', TTL_MS)).rejects.toBeInstanceOf(StoreUnavailableError);
  });

  test('a wrong address is a fault of LOCK_NODES, and opens nothing', async () => {
    const opening = redlockOver([server(0).url, server(1).url, 'redis://h:0'], { namespace: 'n', pod: 'p' });
    await expect(opening).rejects.toThrow(/^LOCK_NODES /);
  });
});
