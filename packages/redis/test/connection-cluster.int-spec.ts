import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, startRedisCluster, type RedisCluster } from '@onlyonce/testing';
import { withDeadline } from '../src/call-deadline.js';
import { ConnectionWatch } from '../src/connection/connection-watch.js';
import { owningNode } from '../src/connection/owning-node.js';
import { isCluster } from '../src/connection/redis-client.js';
import { RedisFeed } from '../src/feed/redis-feed.js';
import { readFacts } from '../src/guarantee/read-facts.js';
import { readServer } from '../src/guarantee/read-server.js';
import { RedisLockProvider } from '../src/locks/redis-lock-provider.js';
import { Heard } from './support/heard.js';
import { OpenedClients } from './support/opened-clients.js';

const BACK = { withinMs: 20_000, everyMs: 50 };

describe('a client of a cluster', () => {
  let cluster: RedisCluster;
  const clients = new OpenedClients();

  const url = (): string =>
    `redis+cluster://${cluster.nodes.map(({ host, port }) => `${host}:${port}`).join(',')}`;

  beforeAll(async () => {
    cluster = await startRedisCluster();
  });
  afterAll(async () => {
    await clients.close();
    await cluster.stop();
  });

  test('asks the node that owns the namespace', async () => {
    const client = await clients.open(url());
    expect(isCluster(client)).toBe(true);
    for (const namespace of ['shop', 'a', 'b', 'c', 'd']) {
      const node = owningNode(client, namespace);
      // A node answers MOVED for a key of another.
      expect(await node?.exists(`{${namespace}}:x`)).toBe(0);
      expect(await readFacts(client, namespace)).toMatchObject({ product: 'redis', fsync: 'always' });
    }
    expect(await readServer(client, 'shop')).toMatchObject({ product: 'redis' });
  });

  test('locks on any node', async () => {
    const locks = new RedisLockProvider(await clients.open(url()), { namespace: 'shop' });
    const attempt = await locks.acquire('x', 5_000);
    if (attempt.kind !== 'acquired') throw new Error('nobody holds it');
    expect(await locks.acquire('x', 5_000)).toEqual({ kind: 'busy' });
    expect(await locks.extend(attempt.lock, 5_000)).toMatchObject({ kind: 'acquired' });
    await locks.release(attempt.lock);
  });

  test('hears what any node publishes, and rings after its node was killed and came back', async () => {
    const client = await clients.open(url());
    const watch = new ConnectionWatch(client, { namespace: 'shop' });
    const feed = new RedisFeed(client, { namespace: 'shop' });
    const heard = new Heard();
    try {
      await feed.subscribe('c', heard);
      const message = (id: string): string => `2 1-0\ns1 f\t${id}\t\t1`;
      for (const [index, { host, port }] of cluster.nodes.entries()) {
        const direct = await clients.open(`redis://${host}:${port}`);
        await direct.publish('{shop}:c', message(`from-${index}`));
      }
      await eventually(() => {
        expect([...heard.ids].sort()).toEqual(['from-0', 'from-1', 'from-2']);
      });

      const owner = owningNode(client, 'shop')?.options.port;
      const node = cluster.nodes.find(({ port }) => port === owner);
      await node?.kill();
      await eventually(() => {
        expect(watch.available).toBe(false);
      });
      const asked = performance.now();
      await expect(withDeadline(client.set('{shop}:k', '1'), 5_000, 'set')).rejects.toBeInstanceOf(Error);
      expect(performance.now() - asked).toBeLessThan(2_500);
      await node?.start();
      await eventually(async () => {
        expect(watch.available).toBe(true);
        expect(await withDeadline(client.set('{shop}:k', '2'), 1_000, 'set')).toBe('OK');
        expect(heard.doorbells).toContain('resubscribed');
      }, BACK);
      await client.publish('{shop}:c', message('again'));
      await eventually(() => {
        expect(heard.ids).toContain('again');
      });
    } finally {
      watch.stop();
      await feed.close();
    }
  });
});
