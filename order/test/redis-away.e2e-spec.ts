import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, startRedis, type RedisServer } from '@onlyonce/testing';
import { ServiceProcess } from '@onlyonce/service/test-support';

const items = [{ id: 'sku-1', quantity: 1 }];

describe('order, when Redis is away', () => {
  let redis: RedisServer;
  let order: ServiceProcess | undefined;

  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    await order?.kill();
    order = undefined;
    await redis.stop();
  });

  const timed = async (work: () => Promise<Response>): Promise<{ answer: Response; tookMs: number }> => {
    const started = performance.now();
    const answer = await work();
    return { answer, tookMs: performance.now() - started };
  };

  it.each(['killed', 'frozen'] as const)(
    'answers 503 within 2 s while it is %s, and recovers by itself',
    async (how) => {
      const service = (order = await ServiceProcess.ready('order', { REDIS_URL: redis.url }));
      expect((await service.send('POST', '/orders', { orderId: 'before', items })).status).toBe(202);
      if (how === 'killed') await redis.kill();
      else await redis.pause();

      const place = await timed(() => service.send('POST', '/orders', { orderId: 'meanwhile', items }));
      expect(place.answer.status).toBe(503);
      expect(place.tookMs).toBeLessThan(2_000);
      expect(place.answer.headers.get('retry-after')).toBe('1');
      expect(place.answer.headers.get('content-type')).toContain('application/problem+json');
      expect(await place.answer.json()).toMatchObject({ status: 503, orderId: 'meanwhile' });

      const unnamed = await service.send('POST', '/orders', { items });
      expect(unnamed.status).toBe(503);
      const { orderId } = (await unnamed.json()) as { orderId: string };
      expect(orderId).toMatch(/^[0-9a-f-]{36}$/);

      const read = await timed(() => service.get('/orders/before'));
      expect(read.answer.status).toBe(503);
      expect(read.tookMs).toBeLessThan(2_000);
      await eventually(
        async () => {
          expect((await service.get('/health/ready')).status).toBe(503);
        },
        { withinMs: 10_000 },
      );
      expect((await service.get('/health/live')).status).toBe(200);

      if (how === 'killed') await redis.start();
      else await redis.resume();
      await service.becomesReady();
      expect((await service.send('POST', '/orders', { orderId: 'meanwhile', items })).status).toBe(202);
      expect((await service.send('POST', '/orders', { orderId, items })).status).toBe(202);
      // Nothing half accepted: an order is found if, and only if, it is in the backlog.
      expect(
        await (await service.send('POST', '/orders', { orderId: 'before', items })).json(),
      ).toMatchObject({ duplicate: true });
      expect((await service.get('/orders/before')).status).toBe(200);
    },
  );

  it('starts without Redis: live, not ready, and ready once it is there', async () => {
    await redis.kill();
    const service = (order = await ServiceProcess.listening('order', { REDIS_URL: redis.url }));
    expect((await service.get('/health/live')).status).toBe(200);
    expect((await service.get('/health/ready')).status).toBe(503);
    expect((await service.send('POST', '/orders', { items })).status).toBe(503);
    await redis.start();
    await service.becomesReady();
    expect((await service.send('POST', '/orders', { items })).status).toBe(202);
  });

  it('ends with 0 at SIGTERM when it never saw Redis', async () => {
    await redis.kill();
    const service = (order = await ServiceProcess.listening('order', {
      REDIS_URL: redis.url,
      DRAIN_MS: '1000',
    }));
    const started = performance.now();
    service.signal('SIGTERM');
    expect(await service.ended()).toBe(0);
    expect(performance.now() - started).toBeLessThan(6_000);
  });

  it('ends with 0 at SIGTERM within the drain time and 5 s, Redis or not', async () => {
    const service = (order = await ServiceProcess.ready('order', { REDIS_URL: redis.url, DRAIN_MS: '1000' }));
    await redis.pause();
    const started = performance.now();
    service.signal('SIGTERM');
    expect(await service.ended()).toBe(0);
    expect(performance.now() - started).toBeLessThan(6_000);
    await redis.resume();
  });
});

describe('order, with settings that cannot be used', () => {
  it('lists all faults, with name and unit, and ends with 1', async () => {
    const order = ServiceProcess.spawn('order', {
      PORT: 'http',
      LOCK_TTL_MS: '5s',
      CLAIM_STRATEGY: 'luck',
      REDIS_URL: 'http://user:secret@host',
      REDIS_PASSWORD_FILE: '/does/not/exist',
    });
    expect(await order.ended()).toBe(1);
    for (const part of [
      'PORT',
      'LOCK_TTL_MS (milliseconds)',
      'CLAIM_STRATEGY',
      'REDIS_URL',
      'REDIS_PASSWORD_FILE',
    ]) {
      expect(order.stderr).toContain(part);
    }
    expect(order.stderr).not.toContain('secret');
    expect(order.stderr).not.toMatch(/\n\s+at /);
  });

  it('refuses to start, when durability is required, on a Redis that can lose accepted orders', async () => {
    const redis = await startRedis({ append: 'off' });
    const order = ServiceProcess.spawn('order', { REDIS_URL: redis.url, REQUIRE_DURABLE: 'true' });
    try {
      expect(await order.ended()).toBe(1);
      expect(order.stderr).toContain('appendonly');
      expect(order.logged('service.started')).toEqual([]);
    } finally {
      await redis.stop();
    }
  });

  it('asks for its API key at POST, when it has one', async () => {
    const redis = await startRedis({ append: 'off' });
    const order = await ServiceProcess.ready('order', { REDIS_URL: redis.url, API_KEY: 'right' });
    try {
      expect((await order.send('POST', '/orders', { items })).status).toBe(401);
      expect((await order.send('POST', '/orders', { items }, { 'x-api-key': 'wrong' })).status).toBe(401);
      expect((await order.send('POST', '/orders', { items }, { 'x-api-key': 'right' })).status).toBe(202);
      expect((await order.send('POST', '/orders', { items }, { authorization: 'Bearer right' })).status).toBe(
        202,
      );
      expect((await order.get('/orders/none')).status).toBe(404);
    } finally {
      await order.kill();
      await redis.stop();
    }
  });
});
