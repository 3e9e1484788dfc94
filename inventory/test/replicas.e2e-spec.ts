import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, startRedis, type RedisServer } from '@onlyonce/testing';
import { Redis } from 'ioredis';
import { ServiceProcess } from '@onlyonce/service/test-support';

describe('replicas of inventory', () => {
  let redis: RedisServer;
  let witness: Redis;
  let pods: ServiceProcess[];

  beforeEach(async () => {
    redis = await startRedis();
    witness = new Redis(redis.url);
    pods = [];
  });
  afterEach(async () => {
    witness.disconnect();
    await Promise.all(pods.map((pod) => pod.kill()));
    await redis.stop();
  });

  const start = async (env: Record<string, string> = {}): Promise<ServiceProcess> => {
    const pod = await ServiceProcess.ready('inventory', {
      REDIS_URL: redis.url,
      LOCK_TTL_MS: '1000',
      ...env,
    });
    pods.push(pod);
    return pod;
  };
  const order = (pod: ServiceProcess, count: number): Promise<Response[]> =>
    Promise.all(
      Array.from({ length: count }, (_, n) =>
        pod.send('POST', '/inbox', { orderId: `o-${n}`, items: [{ id: 'sku', quantity: 1 }] }),
      ),
    );
  const sold = (expected: number, withinMs: number): Promise<void> =>
    eventually(
      async () => {
        expect(await witness.hget('{shop}:stock', 'sku')).toBe(String(1_000 - expected));
      },
      { withinMs, everyMs: 50 },
    );

  it.each(['race', 'pull'])('share the work under %s, each order once', async (strategy) => {
    await Promise.all([
      start({ CLAIM_STRATEGY: strategy }),
      start({ CLAIM_STRATEGY: strategy }),
      start({ CLAIM_STRATEGY: strategy }),
    ]);
    const [first] = pods;
    if (!first) throw new Error('no pod');
    await first.send('PUT', '/stock/sku', { quantity: 1_000 });
    await order(first, 100);
    await sold(100, 15_000);
    await eventually(() => {
      expect(pods.flatMap((pod) => pod.logged('message.processed'))).toHaveLength(100);
    });
  });

  it('take over what a killed one held', async () => {
    const doomed = await start({ HANDLER_DELAY_MS: '60000', POD_NAME: 'doomed' });
    await doomed.send('PUT', '/stock/sku', { quantity: 1_000 });
    await order(doomed, 10);
    await eventually(
      () => {
        expect(doomed.logged('lock.won')).toHaveLength(10);
      },
      { withinMs: 10_000 },
    );
    const held = (await (await doomed.get('/inbox?state=processing')).json()) as {
      messages: { owner: string }[];
    };
    expect(new Set(held.messages.map(({ owner }) => owner))).toEqual(new Set(['doomed']));
    await doomed.kill();
    const heir = await start();
    await sold(10, 10_000);
    await eventually(() => {
      expect(heir.logged('message.recovered')).toHaveLength(10);
    });
    expect(heir.logged('message.recovered')[0]).toMatchObject({ previousPod: 'doomed', attempt: 2 });
  });

  it('hand over at once what one of them holds when it is told to stop: nobody waits for a lock to run out', async () => {
    const leaving = await start({ HANDLER_DELAY_MS: '60000', LOCK_TTL_MS: '60000', DRAIN_MS: '300' });
    await leaving.send('PUT', '/stock/sku', { quantity: 1_000 });
    await order(leaving, 10);
    await eventually(
      () => {
        expect(leaving.logged('lock.won')).toHaveLength(10);
      },
      { withinMs: 10_000 },
    );
    await start({ LOCK_TTL_MS: '60000' });
    const began = performance.now();
    leaving.signal('SIGTERM');
    expect(await leaving.ended()).toBe(0);
    expect(performance.now() - began).toBeLessThan(5_300);
    await sold(10, 5_000);
    expect(leaving.logged('message.released')).toHaveLength(10);
  });

  it('finish what they hold before they stop, when there is time', async () => {
    const leaving = await start({ HANDLER_DELAY_MS: '700', DRAIN_MS: '5000' });
    await leaving.send('PUT', '/stock/sku', { quantity: 1_000 });
    await order(leaving, 5);
    await eventually(
      () => {
        expect(leaving.logged('lock.won')).toHaveLength(5);
      },
      { withinMs: 10_000 },
    );
    leaving.signal('SIGTERM');
    expect(await leaving.ended()).toBe(0);
    expect(await witness.hget('{shop}:stock', 'sku')).toBe('995');
    expect(leaving.logged('message.processed')).toHaveLength(5);
  });

  it('work under a second lock over other masters, where LOCK_NODES names them', async () => {
    const pod = await start({ LOCK_NODES: `${redis.url}/1` });
    await pod.send('PUT', '/stock/sku', { quantity: 1_000 });
    await order(pod, 10);
    await sold(10, 10_000);
  });

  it('ask for the key at routes that change something, when there is one', async () => {
    const pod = await start({ ADMIN_API_KEY: 'right' });
    const body = { quantity: 1 };
    expect((await pod.send('PUT', '/stock/sku', body)).status).toBe(401);
    expect((await pod.send('PUT', '/stock/sku', body, { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await pod.send('PUT', '/stock/sku', body, { authorization: 'Bearer right' })).status).toBe(200);
    expect((await pod.send('POST', '/inbox', { items: [{ id: 'sku', quantity: 1 }] })).status).toBe(401);
    expect((await pod.get('/inbox/x/redrive', { method: 'POST' })).status).toBe(401);
    expect((await pod.get('/stock')).status).toBe(200);
    expect(pod.logged('service.open')).toEqual([]);
  });
});
