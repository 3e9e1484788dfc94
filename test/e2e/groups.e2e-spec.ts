import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { judge } from './support/judge.js';
import { sendAll } from './support/load.js';
import { ampleStock, makeOrders } from './support/orders.js';
import { Seed } from './support/seed.js';
import { Shop, STUCK_AT_MOST_MS } from './support/shop.js';

describe('two consumer groups on one channel', () => {
  const seed = new Seed('groups');
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open({
      name: 'groups',
      replicas: 4,
      env: { HANDLER_DELAY_MS: '50' },
      inventoryEnv: (place) => ({ GROUP: place <= 2 ? 'inventory' : 'second' }),
    });
  });

  afterAll(async () => {
    await shop.close();
  });

  it('every order takes effect once in each of them, although a replica of each is killed', async () => {
    const orders = makeOrders(seed, 'both', 150);
    const stock = ampleStock(orders);
    await shop.putStock(stock);
    const sent = sendAll(shop.customer(), orders, 60);
    for (const place of [1, 3]) {
      await sleep(seed.integer(200, 600));
      const victim = shop.inventories[place]!;
      await shop.kill(victim);
      victim.start();
      await victim.ready();
    }
    await sent;
    const mendedAt = performance.now();
    await judge({
      shop,
      what: 'two groups',
      orders,
      stock,
      mendedAt,
      withinMs: STUCK_AT_MOST_MS,
      effects: 2,
    });
  });
});
