import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '../../scripts/local/wait-for.mjs';
import { eachOf } from './support/each.js';
import { call } from './support/http.js';
import { judge } from './support/judge.js';
import { sendAll } from './support/load.js';
import { metric } from './support/metrics.js';
import { ampleStock, makeOrders, type Order } from './support/orders.js';
import { Seed } from './support/seed.js';
import { Shop, STUCK_AT_MOST_MS } from './support/shop.js';

const GARBAGE = [
  '',
  'garbage',
  '{}',
  '[1,2',
  '\u0000\u0001',
  '{"id":5}',
  '{"id":"x","entryId":"y"}',
  'x'.repeat(100_000),
];

describe('what is sent more than once, and what nobody should send', () => {
  const seed = new Seed('repeats');
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open({ name: 'repeats', env: { HANDLER_DELAY_MS: '20' } });
  });

  afterAll(async () => {
    await shop.close();
  });

  const stocked = async (prefix: string, count: number) => {
    const orders = makeOrders(seed, prefix, count);
    const stock = ampleStock(orders);
    await shop.putStock(stock);
    return { orders, stock };
  };

  const allSettle = (what: string, orders: readonly Order[], stock: ReadonlyMap<string, number>) =>
    judge({ shop, what, orders, stock, mendedAt: performance.now(), withinMs: STUCK_AT_MOST_MS });

  it('the same order from ten customers at once is one order, and nine are told so', async () => {
    const { orders, stock } = await stocked('crowd', 30);
    const answers = await eachOf(orders, (order) =>
      Promise.all(Array.from({ length: 10 }, () => shop.customer().post(order))),
    );
    for (const tenfold of answers) {
      expect(tenfold.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 202));
      expect(tenfold.filter(({ body }) => body['duplicate'] === true)).toHaveLength(9);
    }
    await allSettle('ten at once', orders, stock);
  });

  it('orders repeated in another sequence, before and after they settle, take effect once', async () => {
    const { orders, stock } = await stocked('again', 150);
    const customer = shop.customer();
    await sendAll(customer, seed.shuffled([...orders, ...orders]), 150);
    await allSettle('repeated', orders, stock);
    await sendAll(customer, seed.shuffled(orders), 200);
    expect(customer.duplicates).toBe(2 * orders.length);
    await allSettle('repeated when settled', orders, stock);
  });

  it('the same id with another body is refused and changes nothing', async () => {
    const { orders, stock } = await stocked('conflict', 5);
    await sendAll(shop.customer(), orders, 100);
    for (const { orderId, items } of orders) {
      const other = { orderId, items: items.map(({ id, quantity }) => ({ id, quantity: quantity + 1 })) };
      expect((await shop.customer().post(other)).status).toBe(409);
    }
    await allSettle('conflicts', orders, stock);
  });

  it('a settled order that is put into the inbox by hand is a duplicate', async () => {
    const { orders, stock } = await stocked('by-hand', 3);
    await sendAll(shop.customer(), orders, 100);
    await allSettle('before', orders, stock);
    for (const order of orders) {
      const { status, body } = await call('POST', `${shop.inventory.url}/inbox`, order);
      expect([status, body['duplicate']]).toEqual([202, true]);
    }
    await allSettle('by hand', orders, stock);
  });

  it('an order that was only announced on the channel, and never accepted, has no effect', async () => {
    const { orders, stock } = await stocked('ghost', 4);
    for (const [index, order] of orders.entries()) {
      const entryId = index % 2 === 0 ? `${Date.now()}-7` : '99999999999999999999999999-0';
      await shop.ask(
        'PUBLISH',
        '{shop}:order_updates',
        `2 ${entryId}\ns1 forged\t${order.orderId}\t\t${JSON.stringify(order)}`,
      );
    }
    const refused = () =>
      shop.inventories.reduce((sum, pod) => sum + shop.log(pod).count('message.duplicate'), 0);
    await waitFor('the refusals', () => refused() >= orders.length, { deadlineMs: STUCK_AT_MOST_MS });
    expect(await shop.stock([...stock.keys()])).toEqual(stock);
    await sendAll(shop.customer(), orders, 100);
    await allSettle('announced before', orders, stock);
  });

  it('garbage on the channel is ignored and counted, and orders go on', async () => {
    const { orders, stock } = await stocked('garbage', 60);
    const counted = () => metric(shop.inventory.url, /bad_envelopes/);
    const before = await counted();
    const sent = sendAll(shop.customer(), orders, 60);
    for (const sample of GARBAGE) await shop.ask('PUBLISH', '{shop}:order_updates', sample);
    await sent;
    await allSettle('garbage', orders, stock);
    await waitFor('the count', async () => (await counted()) === before + GARBAGE.length, {
      deadlineMs: 2_000,
    });
  });
});
