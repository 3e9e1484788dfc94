import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '../../scripts/local/wait-for.mjs';
import { judge } from './support/judge.js';
import { sendAll } from './support/load.js';
import { ampleStock, makeOrders } from './support/orders.js';
import { say } from './support/say.js';
import { Seed } from './support/seed.js';
import { LOCK_TTL_MS, Shop, STUCK_AT_MOST_MS } from './support/shop.js';

const PER_SECOND = 60;

const strategies = {
  race: () => 'race',
  pull: () => 'pull',
  mixed: (place: number) => (place === 2 ? 'pull' : 'race'),
};

describe.each(['race', 'pull', 'mixed'] as const)(
  'inventory pods fail under load, strategy %s',
  (strategy) => {
    const seed = new Seed(`pods-fail ${strategy}`);
    let shop: Shop;

    beforeAll(async () => {
      shop = await Shop.open({
        name: 'pods-fail',
        env: { HANDLER_DELAY_MS: '80' },
        inventoryEnv: (place) => ({ CLAIM_STRATEGY: strategies[strategy](place) }),
      });
    });

    afterAll(async () => {
      await shop.close();
    });

    it('orders take effect once while replicas are killed at random moments and started again', async () => {
      const orders = makeOrders(seed, 'kill', 300);
      const stock = ampleStock(orders);
      await shop.putStock(stock);
      const customer = shop.customer();
      const sent = sendAll(customer, orders, PER_SECOND);
      for (let kill = 1; kill <= 3; kill += 1) {
        await sleep(seed.integer(200, 1_000));
        const victim = seed.pick(shop.inventories);
        await shop.kill(victim);
        await sleep(seed.integer(0, 300));
        victim.start();
        await victim.ready();
      }
      await sent;
      const mendedAt = performance.now();
      await judge({
        shop,
        what: `${strategy}: 3 kills`,
        orders,
        stock,
        mendedAt,
        withinMs: STUCK_AT_MOST_MS,
      });
    });

    it('a message whose owner was killed is taken over when its lock has run out', async () => {
      const orders = makeOrders(seed, 'held', 60);
      const stock = ampleStock(orders);
      await shop.putStock(stock);
      const [victim] = shop.inventories;
      const log = shop.log(victim!);
      const sent = sendAll(shop.customer(), orders, PER_SECOND);
      await waitFor('holding', () => log.update().holding.size > 0, { deadlineMs: 5_000, everyMs: 2 });
      await shop.kill(victim!);
      const killedAt = performance.now();
      const held = new Set(log.update().holding);
      await sent;
      const mendedAt = Math.max(killedAt, performance.now());
      await judge({
        shop,
        what: `${strategy}: killed with ${held.size} held`,
        orders,
        stock,
        mendedAt,
        withinMs: STUCK_AT_MOST_MS,
      });
      expect(held.size).toBeGreaterThan(0);
      victim!.start();
      await victim!.ready();
    });

    it('a pod that is frozen past the TTL of its locks and goes on does not take effect again', async () => {
      const orders = makeOrders(seed, 'pause', 240);
      const stock = ampleStock(orders);
      await shop.putStock(stock);
      const sent = sendAll(shop.customer(), orders, PER_SECOND);
      for (let pause = 1; pause <= 2; pause += 1) {
        const sleeper = seed.pick(shop.inventories);
        const log = shop.log(sleeper);
        await waitFor('holding', () => log.update().holding.size > 0, { deadlineMs: 5_000, everyMs: 2 });
        sleeper.signal('SIGSTOP');
        await sleep(LOCK_TTL_MS * 1.5);
        sleeper.signal('SIGCONT');
      }
      await sent;
      const mendedAt = performance.now();
      await judge({
        shop,
        what: `${strategy}: 2 pauses`,
        orders,
        stock,
        mendedAt,
        withinMs: STUCK_AT_MOST_MS,
      });
    });

    it('orders that come while every replica is down are processed when one starts', async () => {
      const orders = makeOrders(seed, 'down', 120);
      const stock = ampleStock(orders);
      await shop.putStock(stock);
      await Promise.all(shop.inventories.map((pod) => shop.kill(pod)));
      const customer = shop.customer();
      await sendAll(customer, orders, 300);
      expect(customer.unavailable).toHaveLength(0);
      for (const pod of shop.inventories) pod.start();
      const startedAt = performance.now();
      await shop.ready(...shop.inventories);
      const mendedAt = performance.now();
      say(`${strategy}: ready ${Math.round(mendedAt - startedAt)} ms after the start`);
      await judge({
        shop,
        what: `${strategy}: all down`,
        orders,
        stock,
        mendedAt,
        withinMs: STUCK_AT_MOST_MS,
      });
    });
  },
);
