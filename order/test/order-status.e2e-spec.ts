import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sampleOrderFailed, type OrderSettled } from '@onlyonce/contracts';
import {
  noTracer,
  Publisher,
  silentTelemetry,
  systemClock,
  systemRandom,
  type Backend,
} from '@onlyonce/core';
import { redisBackend } from '@onlyonce/redis';
import { eventually, startRedis, type RedisServer } from '@onlyonce/testing';
import { Redis } from 'ioredis';
import { ServiceProcess } from '@onlyonce/service/test-support';

interface Order {
  readonly orderId: string;
  readonly status: string;
  readonly reason?: string;
  readonly processedBy: string | null;
  readonly processedAt: string | null;
  readonly attempts: number;
}

describe('GET /orders/{id}, with inventory at work', () => {
  let redis: RedisServer;
  let orders: [ServiceProcess, ServiceProcess];
  let inventory: ServiceProcess;
  let witness: Redis;
  /** Somebody else who publishes into the same namespace. */
  let backend: Backend;
  let publisher: Publisher;

  beforeAll(async () => {
    redis = await startRedis();
    const env = { REDIS_URL: redis.url };
    witness = new Redis(redis.url);
    backend = redisBackend({ client: witness });
    publisher = new Publisher({
      store: backend.store,
      clock: systemClock,
      random: systemRandom,
      telemetry: silentTelemetry,
      tracer: noTracer,
    });
    const fast = { MAX_ATTEMPTS: '2', RETRY_BASE_DELAY_MS: '20', RETRY_MAX_DELAY_MS: '50' };
    const [first, second, stock] = await Promise.all([
      ServiceProcess.ready('order', { ...env, POD_NAME: 'order-1' }),
      ServiceProcess.ready('order', { ...env, POD_NAME: 'order-2' }),
      ServiceProcess.ready('inventory', { ...env, POD_NAME: 'inventory-1', ...fast }),
    ]);
    orders = [first, second];
    inventory = stock;
    await inventory.send('PUT', '/stock/plenty', { quantity: 1_000_000 });
  });
  afterAll(async () => {
    await backend.close();
    witness.disconnect();
    await Promise.all([...orders, inventory].map((service) => service.kill()));
    await redis.stop();
  });

  const find = async (orderId: string, wait: string, from = orders[0]): Promise<Order> => {
    const answer = await from.get(`/orders/${encodeURIComponent(orderId)}?wait=${wait}`);
    expect(answer.status).toBe(200);
    return (await answer.json()) as Order;
  };

  it('tells that an order was confirmed: by whom, when, at which attempt', async () => {
    await orders[0].send('POST', '/orders', { orderId: 'good', items: [{ id: 'plenty', quantity: 3 }] });
    const order = await find('good', '10s');
    expect(order).toEqual({
      orderId: 'good',
      status: 'CONFIRMED',
      processedBy: 'inventory-1',
      processedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      attempts: 1,
    });
  });

  it('tells why an order was rejected', async () => {
    await orders[0].send('POST', '/orders', { orderId: 'bad', items: [{ id: 'none', quantity: 1 }] });
    expect(await find('bad', '10s')).toMatchObject({
      status: 'REJECTED',
      reason: 'UNKNOWN_ITEM: none',
      attempts: 1,
    });
  });

  it('gives a duplicate the status that the order has by now', async () => {
    const body = { orderId: 'good', items: [{ id: 'plenty', quantity: 3 }] };
    const answer = await orders[1].send('POST', '/orders', body);
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ orderId: 'good', status: 'CONFIRMED', duplicate: true });
  });

  it('wakes those who wait on either replica, whichever of them hears of the result', async () => {
    const ids = Array.from({ length: 20 }, (_, n) => `wait-${n}`);
    const answers = ids.map(async (orderId, n) => {
      const items = [{ id: 'plenty', quantity: 1 }];
      await orders[0].send('POST', '/orders', { orderId, items });
      return find(orderId, '20s', n % 2 === 0 ? orders[0] : orders[1]);
    });
    const started = performance.now();
    for (const order of await Promise.all(answers)) expect(order.status).toBe('CONFIRMED');
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('answers PENDING when the time is over first, and not much later', async () => {
    inventory.signal('SIGSTOP');
    try {
      await orders[0].send('POST', '/orders', { orderId: 'slow', items: [{ id: 'plenty', quantity: 1 }] });
      const started = performance.now();
      expect(await find('slow', '700ms')).toMatchObject({
        status: 'PENDING',
        processedBy: null,
        attempts: 0,
      });
      const tookMs = performance.now() - started;
      expect(tookMs).toBeGreaterThan(650);
      expect(tookMs).toBeLessThan(2_500);
    } finally {
      inventory.signal('SIGCONT');
    }
    expect(await find('slow', '20s')).toMatchObject({ status: 'CONFIRMED' });
  });

  it('tells that an order failed, and what became of it after it was sent back', async () => {
    const key = '{shop}:stock';
    await witness.hset(key, 'broken', 'no integer');
    await orders[0].send('POST', '/orders', { orderId: 'poison', items: [{ id: 'broken', quantity: 1 }] });
    const failed = await find('poison', '20s');
    expect(failed).toMatchObject({ status: 'FAILED', processedBy: 'inventory-1', attempts: 2 });
    expect(failed.reason).toBeTruthy();

    await inventory.send('PUT', '/stock/broken', { quantity: 5 });
    expect((await inventory.get('/inbox/poison/redrive', { method: 'POST' })).status).toBe(202);
    await eventually(
      async () => {
        const order = await find('poison', '0s');
        expect(order.status).toBe('CONFIRMED');
        expect(order.reason).toBeUndefined();
      },
      { withinMs: 20_000, everyMs: 50 },
    );
    expect(await witness.hget(key, 'broken')).toBe('4');
  });

  it('never lets an older decision overwrite a later one, in whatever sequence results are heard', async () => {
    await orders[0].send('POST', '/orders', {
      orderId: 'decided-twice',
      items: [{ id: 'plenty', quantity: 1 }],
    });
    expect(await find('decided-twice', '10s')).toMatchObject({ status: 'CONFIRMED' });
    const late: OrderSettled = { ...sampleOrderFailed, orderId: 'decided-twice' };
    await publisher.publish('order_results', { id: 'late', body: late });
    await eventually(
      () => {
        const refused = orders.flatMap((order) => order.logged('message.rejected', 'late'));
        expect(refused).toHaveLength(1);
      },
      { withinMs: 10_000 },
    );
    expect(await find('decided-twice', '0s')).toMatchObject({ status: 'CONFIRMED' });
  });

  it('makes a result that it cannot read a dead letter, and goes on', async () => {
    await publisher.publish('order_results', { id: 'garbage', body: { orderId: 'good', status: 'LOST' } });
    await eventually(
      () => {
        expect(orders.flatMap((order) => order.logged('message.dead', 'garbage'))).toHaveLength(1);
      },
      { withinMs: 10_000 },
    );
    expect(await find('good', '0s')).toMatchObject({ status: 'CONFIRMED' });
  });

  it('lets go of a request whose client has gone, and answers those who wait when it is told to stop', async () => {
    inventory.signal('SIGSTOP');
    try {
      await orders[1].send('POST', '/orders', { orderId: 'left', items: [{ id: 'plenty', quantity: 1 }] });
      const gone = new AbortController();
      const left = orders[1].get('/orders/left?wait=30s', { signal: gone.signal }).catch(() => 'left');
      const staying = orders[1].get('/orders/left?wait=30s');
      await new Promise((resolve) => setTimeout(resolve, 300));
      gone.abort();
      expect(await left).toBe('left');
      const started = performance.now();
      orders[1].signal('SIGTERM');
      const answer = await staying;
      expect(await answer.json()).toMatchObject({ status: 'PENDING' });
      expect(await orders[1].ended()).toBe(0);
      expect(performance.now() - started).toBeLessThan(6_000);
    } finally {
      inventory.signal('SIGCONT');
    }
  });
});
