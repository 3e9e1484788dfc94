import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '../../scripts/local/wait-for.mjs';
import { call } from './support/http.js';
import { judge } from './support/judge.js';
import { sendAll } from './support/load.js';
import { ampleStock, makeOrders } from './support/orders.js';
import { Seed } from './support/seed.js';
import { Shop, STUCK_AT_MOST_MS } from './support/shop.js';

/** Key of the stock, which a hand with too many rights writes nonsense into. */
const STOCK = '{shop}:stock';

describe('messages that cannot be processed', () => {
  const seed = new Seed('dead-letters');
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open({ name: 'dead-letters', env: { MAX_ATTEMPTS: '3', RETRY_BASE_DELAY_MS: '50' } });
  });

  afterAll(async () => {
    await shop.close();
  });

  const inbox = async (state: string): Promise<string[]> => {
    const { body } = await call('GET', `${shop.inventory.url}/inbox?state=${state}`);
    return (body['messages'] as { messageId: string }[]).map(({ messageId }) => messageId);
  };

  it('an order whose stock is nonsense is FAILED after its attempts, its neighbours are not, and a redrive mends it', async () => {
    const orders = makeOrders(seed, 'poison', 40);
    const stock = ampleStock(orders);
    const bad = orders[7]!;
    await shop.putStock(stock);
    const own = bad.items[0]!.id;
    await shop.ask('HSET', STOCK, own, 'nonsense');

    await sendAll(shop.customer(), orders, 100);
    const others = new Map([...stock].filter(([id]) => id !== own));
    await judge({
      shop,
      what: 'one poisoned',
      orders,
      stock: others,
      mendedAt: performance.now(),
      withinMs: STUCK_AT_MOST_MS,
      expected: ({ orderId }) => (orderId === bad.orderId ? 'FAILED' : 'CONFIRMED'),
    });
    expect(await inbox('dead')).toContain(bad.orderId);

    await shop.putStock(new Map([[own, stock.get(own)!]]));
    const redrive = () => call('POST', `${shop.inventory.url}/inbox/${bad.orderId}/redrive`);
    expect((await redrive()).status).toBeLessThan(300);
    const confirmed = async () => {
      const { body } = await call('GET', `${shop.order.url}/orders/${bad.orderId}`);
      return body['status'] === 'CONFIRMED';
    };
    await waitFor('the second life', confirmed, { deadlineMs: STUCK_AT_MOST_MS });
    await judge({
      shop,
      what: 'redriven',
      orders,
      stock,
      mendedAt: performance.now(),
      withinMs: STUCK_AT_MOST_MS,
    });
    expect(await inbox('dead')).not.toContain(bad.orderId);
    // Once more: there is nothing left to send back, and nothing happens.
    expect((await redrive()).status).toBeGreaterThanOrEqual(400);
    await judge({
      shop,
      what: 'redriven twice',
      orders,
      stock,
      mendedAt: performance.now(),
      withinMs: STUCK_AT_MOST_MS,
    });
  });
});
