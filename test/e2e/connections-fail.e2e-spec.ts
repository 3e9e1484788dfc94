import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { judge } from './support/judge.js';
import { sendAll } from './support/load.js';
import { ampleStock, makeOrders } from './support/orders.js';
import { Seed } from './support/seed.js';
import { Shop, STUCK_AT_MOST_MS } from './support/shop.js';
import { TcpProxy } from './support/tcp-proxy.js';

const PER_SECOND = 60;
const HALF_OPEN_MS = 3_000;

describe('connections to Redis fail under load', () => {
  const seed = new Seed('connections-fail');
  let shop: Shop;
  let orderProxy: TcpProxy;
  let inventoryProxy: TcpProxy;

  beforeAll(async () => {
    shop = await Shop.open({
      name: 'connections-fail',
      replicas: 1,
      orders: 1,
      env: { HANDLER_DELAY_MS: '60' },
    });
    orderProxy = await TcpProxy.to(shop.redis.port);
    inventoryProxy = await TcpProxy.to(shop.redis.port);
    const direct = shop.order;
    // From here on the order pod and two of three inventory pods reach Redis only through a proxy.
    await direct.end('SIGTERM');
    direct.env = { ...direct.env, REDIS_URL: orderProxy.url };
    direct.start();
    await shop.add('inventory', 'inventory-2', { REDIS_URL: inventoryProxy.url });
    await shop.add('inventory', 'inventory-3', { REDIS_URL: inventoryProxy.url, CLAIM_STRATEGY: 'pull' });
    await shop.ready(direct, ...shop.inventories);
  });

  afterAll(async () => {
    await shop.close();
    await orderProxy.close();
    await inventoryProxy.close();
  });

  const underLoad = async (what: string, fault: () => Promise<void>) => {
    const orders = makeOrders(seed, what, 240);
    const stock = ampleStock(orders);
    await shop.putStock(stock);
    const customer = shop.customer();
    const sent = sendAll(customer, orders, PER_SECOND);
    await sleep(500);
    await fault();
    await sent;
    const mendedAt = performance.now();
    await judge({ shop, what, orders, stock, mendedAt, withinMs: STUCK_AT_MOST_MS });
    expect(customer.refused.map(({ status, text }) => `${status} ${text}`)).toEqual([]);
    return customer;
  };

  it.each(['normal', 'pubsub'])('connections of type %s that Redis closes are opened again', async (type) => {
    await underLoad(`client-kill-${type}`, async () => {
      for (let kill = 1; kill <= 4; kill += 1) {
        await shop.ask('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes');
        await sleep(seed.integer(200, 700));
      }
    });
  });

  it('connections that are reset half way lose no result and no order', async () => {
    await underLoad('reset', async () => {
      for (let cut = 1; cut <= 6; cut += 1) {
        orderProxy.cut();
        inventoryProxy.cut();
        await sleep(seed.integer(100, 500));
      }
    });
  });

  it.each(['resume', 'cut'] as const)(
    'inventory half open for 3 s, then %s: the rest takes over',
    async (how) => {
      await underLoad(`half-open-${how}`, async () => {
        inventoryProxy.stall();
        await sleep(HALF_OPEN_MS);
        inventoryProxy[how]();
      });
    },
  );

  it.each(['resume', 'cut'] as const)(
    'order half open for 3 s, then %s: 503 meanwhile, no order twice',
    async (how) => {
      const { unavailable } = await underLoad(`order-half-open-${how}`, async () => {
        orderProxy.stall();
        await sleep(HALF_OPEN_MS);
        orderProxy[how]();
      });
      expect(unavailable.length).toBeGreaterThan(0);
      for (const { tookMs, headers } of unavailable) {
        expect(tookMs).toBeLessThan(2_500);
        expect(headers.get('retry-after')).toMatch(/^\d+$/);
      }
    },
  );
});
