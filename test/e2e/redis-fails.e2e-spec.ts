import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '../../scripts/local/wait-for.mjs';
import type { Customer } from './support/customer.js';
import { judge } from './support/judge.js';
import { sendAll } from './support/load.js';
import { ampleStock, makeOrders } from './support/orders.js';
import { say } from './support/say.js';
import { Seed } from './support/seed.js';
import { LOCK_TTL_MS, Shop, STUCK_AT_MOST_MS } from './support/shop.js';
import { statusOf } from '../../scripts/local/pod.mjs';

const PER_SECOND = 60;
/** Two seconds, and what two busy cores add to the journey. */
const REFUSED_WITHIN_MS = 2_500;

/** Whoever is told "not now" is told so quickly, and when to come again. */
function expectPoliteRefusals({ unavailable, refused }: Customer): void {
  for (const { headers } of unavailable) expect(headers.get('retry-after')).toMatch(/^\d+$/);
  const slowest = Math.max(0, ...unavailable.map(({ tookMs }) => tookMs));
  say(`${unavailable.length} answers 503, the slowest after ${Math.round(slowest)} ms`);
  expect(slowest).toBeLessThan(REFUSED_WITHIN_MS);
  expect(refused.map(({ status, text }) => `${status} ${text}`)).toEqual([]);
}

describe('Redis fails under load', () => {
  const seed = new Seed('redis-fails');
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open({ name: 'redis-fails', env: { HANDLER_DELAY_MS: '60' } });
  });

  afterAll(async () => {
    await shop.close();
  });

  it('every order answered 202 settles although Redis was killed and came back', async () => {
    const orders = makeOrders(seed, 'crash', 300);
    const stock = ampleStock(orders);
    await shop.putStock(stock);
    const customer = shop.customer();
    const sent = sendAll(customer, orders, PER_SECOND);
    for (const awayMs of [2_500, seed.integer(200, 800)]) {
      await sleep(seed.integer(500, 1_000));
      await shop.redis.kill();
      await sleep(awayMs);
      if (awayMs > 2_000) expect(await statusOf(`${shop.order.url}/health/ready`)).toBe(503);
      await shop.redis.start();
    }
    const backAt = performance.now();
    const ready = async () => (await statusOf(`${shop.order.url}/health/ready`)) === 200;
    await waitFor('readiness', ready, { deadlineMs: STUCK_AT_MOST_MS });
    say(`order is ready ${Math.round(performance.now() - backAt)} ms after Redis`);
    await sent;
    const mendedAt = performance.now();
    await judge({ shop, what: 'Redis killed twice', orders, stock, mendedAt, withinMs: STUCK_AT_MOST_MS });
    expect(customer.unavailable.length).toBeGreaterThan(0);
    expectPoliteRefusals(customer);
  });

  it('pods that are started while Redis is away get ready when it comes', async () => {
    const orders = makeOrders(seed, 'early', 30);
    const stock = ampleStock(orders);
    await shop.putStock(stock);
    const customer = shop.customer();
    await sendAll(customer, orders.slice(0, 10), 100);
    await shop.redis.kill();
    const pods = [shop.order, ...shop.inventories];
    await Promise.all(pods.map((pod) => shop.kill(pod)));
    for (const pod of pods) pod.start();
    await waitFor('life', async () => (await statusOf(`${shop.order.url}/health/live`)) === 200, {
      deadlineMs: 15_000,
    });
    expect(await statusOf(`${shop.order.url}/health/ready`)).toBe(503);
    await shop.redis.start();
    await shop.ready(...pods);
    await sendAll(customer, orders, 100);
    const mendedAt = performance.now();
    await judge({ shop, what: 'started early', orders, stock, mendedAt, withinMs: STUCK_AT_MOST_MS });
  });

  it('nothing is half accepted: what was refused has left no trace', async () => {
    const [order] = makeOrders(seed, 'refused', 1);
    await shop.redis.kill();
    const answer = await shop.customer().post(order!);
    expect(answer.status).toBe(503);
    await shop.redis.start();
    await shop.ready(shop.order, ...shop.inventories);
    await waitFor(
      'an answer',
      async () => (await statusOf(`${shop.order.url}/orders/${order!.orderId}`)) === 404,
      {
        deadlineMs: 5_000,
      },
    );
  });

  it('a Redis that stands still for three seconds delays orders and doubles none', async () => {
    const orders = makeOrders(seed, 'still', 240);
    const stock = ampleStock(orders);
    await shop.putStock(stock);
    const customer = shop.customer();
    const sent = sendAll(customer, orders, PER_SECOND);
    await sleep(1_000);
    await shop.ask('CLIENT', 'PAUSE', 3_000, 'ALL');
    await sleep(3_000);
    await sent;
    const mendedAt = performance.now();
    await judge({ shop, what: 'CLIENT PAUSE', orders, stock, mendedAt, withinMs: STUCK_AT_MOST_MS });
    expectPoliteRefusals(customer);
  });

  it('scripts that Redis has forgotten are loaded again and no customer notices', async () => {
    const orders = makeOrders(seed, 'flush', 180);
    const stock = ampleStock(orders);
    await shop.putStock(stock);
    const customer = shop.customer();
    const sent = sendAll(customer, orders, PER_SECOND);
    for (let flush = 1; flush <= 5; flush += 1) {
      await sleep(seed.integer(100, 500));
      await shop.ask('SCRIPT', 'FLUSH');
    }
    await sent;
    const mendedAt = performance.now();
    await judge({ shop, what: 'SCRIPT FLUSH', orders, stock, mendedAt, withinMs: STUCK_AT_MOST_MS });
    expect(customer.unavailable).toHaveLength(0);
    expect(customer.unanswered).toBe(0);
  });

  it('a full Redis takes no orders, and those it has taken are processed meanwhile', async () => {
    const orders = makeOrders(seed, 'full', 120);
    const [late, ...early] = orders;
    const stock = ampleStock(orders);
    await shop.putStock(stock);
    const customer = shop.customer();
    await sendAll(customer, early, 600);
    await shop.ask('CONFIG', 'SET', 'maxmemory', '1mb');
    try {
      const answer = await customer.post(late!);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([
        503,
        expect.stringMatching(/^\d+$/),
      ]);
      const mendedAt = performance.now();
      await judge({ shop, what: 'while full', orders: early, stock, mendedAt, withinMs: STUCK_AT_MOST_MS });
    } finally {
      await shop.ask('CONFIG', 'SET', 'maxmemory', '0');
    }
    await customer.place(late!);
    const mendedAt = performance.now();
    await judge({ shop, what: 'room again', orders, stock, mendedAt, withinMs: LOCK_TTL_MS });
  });
});
