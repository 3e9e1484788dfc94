import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from './support/http.js';
import { judge } from './support/judge.js';
import { sendAll } from './support/load.js';
import { ampleStock, makeOrders } from './support/orders.js';
import { Seed } from './support/seed.js';
import { LOCK_TTL_MS, Shop, STUCK_AT_MOST_MS } from './support/shop.js';

describe('order pods fail under load', () => {
  const seed = new Seed('order-pods-fail');
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open({
      name: 'order-pods-fail',
      orders: 2,
      replicas: 2,
      env: { HANDLER_DELAY_MS: '50' },
    });
  });

  afterAll(async () => {
    await shop.close();
  });

  it('customers who ask again at another pod lose nothing and order nothing twice', async () => {
    const orders = makeOrders(seed, 'order-kill', 240);
    const stock = ampleStock(orders);
    await shop.putStock(stock);
    const customer = shop.customer();
    const sent = sendAll(customer, orders, 60);
    for (let kill = 1; kill <= 3; kill += 1) {
      await sleep(seed.integer(200, 800));
      const victim = shop.orderPods[kill % 2]!;
      await shop.kill(victim);
      victim.start();
      await victim.ready();
    }
    await sent;
    const mendedAt = performance.now();
    await judge({ shop, what: 'order killed 3 times', orders, stock, mendedAt, withinMs: STUCK_AT_MOST_MS });
  });

  it('a frozen order pod leaves results to the other, and does not disturb them when it goes on', async () => {
    const orders = makeOrders(seed, 'order-pause', 120);
    const stock = ampleStock(orders);
    await shop.putStock(stock);
    const [awake, sleeper] = shop.orderPods;
    const sent = sendAll(shop.customer(), orders, 60);
    await sleep(500);
    sleeper!.signal('SIGSTOP');
    await sleep(LOCK_TTL_MS * 1.5);
    sleeper!.signal('SIGCONT');
    await sent;
    const mendedAt = performance.now();
    await judge({ shop, what: 'order frozen', orders, stock, mendedAt, withinMs: STUCK_AT_MOST_MS });
    const { body } = await call('GET', `${awake!.url}/orders/${orders[0]!.orderId}`);
    expect(body).toMatchObject({ status: 'CONFIRMED', processedBy: expect.stringMatching(/^inventory-/) });
  });
});
