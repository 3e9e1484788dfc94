import { afterEach, describe, expect, test } from '@jest/globals';
import { StoreRefusedError } from '@onlyonce/core';
import { startRedis, startRedisReplicaSet, type RedisOptions, type RedisServer } from '@onlyonce/testing';
import { readFacts } from '../src/guarantee/read-facts.js';
import { readServer } from '../src/guarantee/read-server.js';
import { requireVersion } from '../src/guarantee/require-version.js';
import { OpenedClients } from './support/opened-clients.js';

describe('readFacts', () => {
  const clients = new OpenedClients();
  const servers: RedisServer[] = [];

  const start = async (options: RedisOptions = {}): Promise<RedisServer> => {
    const server = await startRedis(options);
    servers.push(server);
    return server;
  };

  afterEach(async () => {
    await clients.close();
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });

  test('a server that syncs every write', async () => {
    const server = await start();
    const facts = await readFacts(await clients.open(server.url), 'facts');
    expect(facts).toMatchObject({
      product: 'redis',
      appendOnly: true,
      fsync: 'always',
      truncatesTornTail: false,
      evictionPolicy: 'noeviction',
      maxMemoryBytes: 0,
      replicas: 0,
    });
    expect(facts.version).toMatch(/^\d+\.\d+\.\d+/);
    // The same machine, so the same clock.
    expect(Math.abs(facts.clockOffsetMs ?? NaN)).toBeLessThan(100);
  });

  test('what is set otherwise is read otherwise', async () => {
    const memory = ['--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru'];
    const server = await start({
      append: 'everysec',
      args: [...memory, '--aof-load-truncated', 'yes'],
    });
    expect(await readFacts(await clients.open(server.url), 'facts')).toMatchObject({
      appendOnly: true,
      fsync: 'everysec',
      truncatesTornTail: true,
      evictionPolicy: 'allkeys-lru',
      maxMemoryBytes: 64 * 1024 * 1024,
    });
    const forgetful = await start({ append: 'off' });
    expect(await readFacts(await clients.open(forgetful.url), 'facts')).toMatchObject({ appendOnly: false });
  });

  test('where CONFIG is refused, INFO tells what it can and the rest is unknown', async () => {
    const server = await start();
    const admin = await clients.open(server.url);
    await admin.call('ACL', 'SETUSER', 'app', 'on', '>pw', '~*', '+@all', '-config');
    const client = await clients.open(server.url, { username: 'app', password: 'pw' });
    expect(await readFacts(client, 'facts')).toMatchObject({
      product: 'redis',
      appendOnly: true,
      fsync: undefined,
      truncatesTornTail: undefined,
      evictionPolicy: 'noeviction',
    });
  });

  test('where everything is refused, nothing is thrown, and only the version check says no', async () => {
    const server = await start();
    const admin = await clients.open(server.url);
    await admin.call('ACL', 'SETUSER', 'app', 'on', '>pw', '~*', '+hello', '+get', '+info');
    const client = await clients.open(server.url, { username: 'app', password: 'pw' });
    await admin.call('ACL', 'SETUSER', 'app', '-info');
    expect(await readFacts(client, 'facts')).toEqual({
      product: 'unknown',
      version: '',
      appendOnly: undefined,
      fsync: undefined,
      truncatesTornTail: undefined,
      evictionPolicy: undefined,
      maxMemoryBytes: undefined,
      replicas: undefined,
      clockOffsetMs: undefined,
    });
    await expect(readServer(client, 'facts')).rejects.toBeInstanceOf(StoreRefusedError);
    requireVersion(await readServer(admin, 'facts'));
  });

  test('connected replicas are counted', async () => {
    const set = await startRedisReplicaSet({ replicas: 1, sentinels: 1 });
    try {
      const primary = await set.primary();
      expect(await readFacts(await clients.open(primary.url), 'facts')).toMatchObject({ replicas: 1 });
    } finally {
      await clients.close();
      await set.stop();
    }
  });
});
