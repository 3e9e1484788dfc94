import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { waitFor } from '../../scripts/local/wait-for.mjs';
import { judge } from './support/judge.js';
import { sendAll } from './support/load.js';
import { ampleStock, makeOrders } from './support/orders.js';
import type { PodLog } from './support/pod-log.js';
import { say } from './support/say.js';
import { Seed } from './support/seed.js';
import { Shop } from './support/shop.js';

/** The default: the longer the TTL, the more a lock that outlives its owner by a multiple of it would show. */
const LOCK_TTL_MS = 5_000;

describe('the owners of a message die one after the other', () => {
  const seed = new Seed('owners-die-in-a-row');
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open({
      name: 'owners-die-in-a-row',
      env: { LOCK_TTL_MS: String(LOCK_TTL_MS) },
      inventoryEnv: () => ({ HANDLER_DELAY_MS: '400' }),
    });
  });

  afterAll(async () => {
    await shop.close();
  });

  it('the message waits for the last lock only, and for no longer than the first', async () => {
    const orders = makeOrders(seed, 'row', 40);
    const stock = ampleStock(orders);
    await shop.putStock(stock);
    await sendAll(shop.customer(), orders, 400);
    await killOwner((log) => log.holding.size > 0);
    await killOwner((log) => log.takeovers() > 0 && log.holding.size > 0);
    const mendedAt = performance.now();
    await judge({ shop, what: '2 owners dead', orders, stock, mendedAt, withinMs: LOCK_TTL_MS + 5_000 });
  });

  const killOwner = async (isIt: (log: PodLog) => boolean): Promise<void> => {
    const find = () => shop.inventories.find((pod) => pod.running && isIt(shop.log(pod).update()));
    const owner = await waitFor('an owner', find, { deadlineMs: 2 * LOCK_TTL_MS, everyMs: 5 });
    await shop.kill(owner);
    say(`${owner.name} killed with ${shop.log(owner).update().holding.size} messages in its hands`);
  };
});
