import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { judge } from './support/judge.js';
import { sendAll } from './support/load.js';
import { ampleStock, makeOrders } from './support/orders.js';
import { Seed } from './support/seed.js';
import { LOCK_TTL_MS, Shop } from './support/shop.js';

describe.each(['race', 'pull'])('a rolling restart under load, strategy %s', (strategy) => {
  const seed = new Seed(`rolling-restart ${strategy}`);
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open({
      name: 'rolling-restart',
      orders: 2,
      env: { HANDLER_DELAY_MS: '100', CLAIM_STRATEGY: strategy },
    });
  });

  afterAll(async () => {
    await shop.close();
  });

  it('no message waits for a lock to run out, and every pod ends with exit code 0', async () => {
    const orders = makeOrders(seed, 'roll', 500);
    const stock = ampleStock(orders);
    await shop.putStock(stock);
    const customer = shop.customer();
    const sent = sendAll(customer, orders, 60);
    const ends = [];
    for (const pod of [...shop.inventories, ...shop.orderPods]) {
      ends.push({ name: pod.name, ...(await pod.end('SIGTERM')) });
      pod.start();
      await pod.ready();
    }
    await sent;
    await judge({ shop, what: 'rolling', orders, stock, mendedAt: performance.now(), withinMs: LOCK_TTL_MS });
    expect(ends.filter(({ code }) => code !== 0)).toEqual([]);
    expect(shop.takeovers()).toBe(0);
    // Only what a customer sees of a pod that goes: a connection that nobody answers, and asking again helps.
    expect(customer.refused).toHaveLength(0);
  });
});
