import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from './support/http.js';
import { judge, settled, type State } from './support/judge.js';
import { sendAll } from './support/load.js';
import { makeOrders, type Order } from './support/orders.js';
import { Seed } from './support/seed.js';
import { Shop, STUCK_AT_MOST_MS } from './support/shop.js';

describe.each(['race', 'pull'])('stock that does not suffice for all, strategy %s', (strategy) => {
  const seed = new Seed(`stock ${strategy}`);
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open({ name: 'stock', env: { CLAIM_STRATEGY: strategy } });
  });

  afterAll(async () => {
    await shop.close();
  });

  it('never falls below zero: as many orders are confirmed as there are units, the rest is told why not', async () => {
    const orders = Array.from({ length: 100 }, (_, index) => ({
      orderId: `scarce-${index}`,
      items: [{ id: 'scarce', quantity: 3 }],
    }));
    const stock = new Map([['scarce', 3 * 40 + 2]]);
    await shop.putStock(stock);
    await sendAll(shop.customer(), orders, 500);
    const states = await settled(shop, orders, performance.now() + STUCK_AT_MOST_MS);
    expect(orders.filter(({ orderId }) => states.get(orderId) === 'CONFIRMED')).toHaveLength(40);
    expect(await shop.stock(['scarce'])).toEqual(new Map([['scarce', 2]]));
    const refused = orders.find(({ orderId }) => states.get(orderId) === 'REJECTED');
    const { body } = await call('GET', `${shop.order.url}/orders/${refused!.orderId}`);
    expect(body['reason']).toContain('scarce');
    // Stock that comes later does not change what was told.
    await shop.putStock(new Map([['scarce', 1_000]]));
    expect((await shop.customer().post(refused!)).body['duplicate']).toBe(true);
    const after = await settled(shop, orders, performance.now() + STUCK_AT_MOST_MS);
    expect(after).toEqual(states);
    expect(await shop.stock(['scarce'])).toEqual(new Map([['scarce', 1_000]]));
  });

  it('an order gets all of its items or none', async () => {
    const plenty = makeOrders(seed, 'all', 60);
    const greedy = (order: Order): boolean => Number(order.orderId.split('-')[1]) % 3 === 0;
    const orders = plenty.map((order) =>
      greedy(order) ? { ...order, items: [...order.items, { id: 'too-few', quantity: 2 }] } : order,
    );
    const units = orders.flatMap(({ items }) => items.map(({ id }) => id)).map((id) => [id, 1_000] as const);
    const stock = new Map([...units, ['too-few', 1] as const]);
    await shop.putStock(stock);
    await sendAll(shop.customer(), orders, 300);
    const expected = (order: Order): State => (greedy(order) ? 'REJECTED' : 'CONFIRMED');
    const mendedAt = performance.now();
    await judge({
      shop,
      what: `${strategy}: all or none`,
      orders,
      stock,
      expected,
      mendedAt,
      withinMs: STUCK_AT_MOST_MS,
    });
  });

  it('an order for an item that nobody knows is rejected and names it', async () => {
    const order = { orderId: 'unknown-1', items: [{ id: 'unicorn', quantity: 1 }] };
    await shop.customer().place(order);
    const { body } = await call('GET', `${shop.order.url}/orders/${order.orderId}?wait=4s`);
    expect(body).toMatchObject({ status: 'REJECTED', reason: expect.stringContaining('unicorn') });
  });
});
