import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, startRedisReplicaSet, type RedisReplicaSet } from '@onlyonce/testing';
import { withDeadline } from '../src/call-deadline.js';
import { ConnectionWatch } from '../src/connection/connection-watch.js';
import { RedisFeed } from '../src/feed/redis-feed.js';
import { Heard } from './support/heard.js';
import { OpenedClients } from './support/opened-clients.js';

const FAILOVER = { withinMs: 25_000, everyMs: 50 };

describe('a client behind Sentinel', () => {
  let set: RedisReplicaSet;
  const clients = new OpenedClients();

  const url = (): string =>
    `redis+sentinel://${set.sentinels.map(({ host, port }) => `${host}:${port}`).join(',')}/${set.name}`;

  beforeAll(async () => {
    set = await startRedisReplicaSet();
  });
  afterAll(async () => {
    await clients.close();
    await set.stop();
  });

  test('follows the master over a failover, and its feed rings when it hears the new one', async () => {
    const client = await clients.open(url());
    const watch = new ConnectionWatch(client, { namespace: 'sentinel' });
    const feed = new RedisFeed(client, { namespace: 'sentinel' });
    const heard = new Heard();
    try {
      await feed.subscribe('c', heard);
      const before = await set.primary();
      await client.set('k', 'before');
      await before.kill();
      await eventually(async () => {
        expect(await withDeadline(client.set('k', 'after'), 1_000, 'set')).toBe('OK');
      }, FAILOVER);
      expect((await set.primary()).port).not.toBe(before.port);
      await eventually(() => {
        expect(watch.available).toBe(true);
        expect(heard.doorbells).toContain('resubscribed');
      }, FAILOVER);
      await client.publish('{sentinel}:c', '1!');
      await eventually(() => {
        expect(heard.doorbells.at(-1)).toBe('rung');
      });
    } finally {
      watch.stop();
      await feed.close();
    }
  });

  test('goes on when some of the sentinels it was told of are not there', async () => {
    const [here] = set.sentinels;
    const client = await clients.open(
      `redis+sentinel://127.0.0.1:1,127.0.0.1:2,${here?.host ?? ''}:${here?.port ?? 0}/${set.name}`,
    );
    expect(await client.ping()).toBe('PONG');
  });
});
