import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RedisOnPath, redisVersionOnPath } from '../../scripts/local/redis-on-path.mjs';
import { judge } from './support/judge.js';
import { sendAll } from './support/load.js';
import { ampleStock, makeOrders } from './support/orders.js';
import { say } from './support/say.js';
import { Seed } from './support/seed.js';
import { Shop, STUCK_AT_MOST_MS } from './support/shop.js';

// Only a server of our own shows us its file.
const withServer =
  redisVersionOnPath() === undefined || process.env['LOCAL_REDIS'] === 'docker' ? describe.skip : describe;

withServer('the append-only file is torn, as after a power cut', () => {
  const seed = new Seed('torn-file');
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.open({ name: 'torn-file', env: { HANDLER_DELAY_MS: '300' } });
  });

  afterAll(async () => {
    await shop.close();
  });

  it('effects stay whole over torn tails and second restarts; what customers send again takes effect once', async () => {
    const orders = makeOrders(seed, 'torn', 300);
    const stock = ampleStock(orders);
    await shop.putStock(stock);
    const customer = shop.customer();
    const sent = sendAll(customer, orders, 60);
    for (let tear = 1; tear <= 3; tear += 1) {
      await sleep(seed.integer(700, 1_200));
      await shop.redis.kill();
      // Long enough to hold acceptances of orders that pods have in their hands.
      say(`${cutTail(shop.redis, seed.integer(1, 20_000))} bytes cut off`);
      await shop.redis.start();
      await sleep(seed.integer(200, 400));
      // The second restart is the one that a torn transaction would spoil.
      await shop.redis.kill();
      await shop.redis.start();
    }
    await sent;
    // The tail held orders that had been accepted: whoever keeps them sends them again.
    await sendAll(customer, seed.shuffled(orders), 150);
    expect(customer.refused.map(({ status, text }) => `${status} ${text}`)).toEqual([]);
    const mendedAt = performance.now();
    await judge({ shop, what: 'torn 3 times', orders, stock, mendedAt, withinMs: STUCK_AT_MOST_MS });
  });
});

/** @returns how many bytes it took off the end of the file */
function cutTail(redis: unknown, bytes: number): number {
  if (!(redis instanceof RedisOnPath)) throw new Error('not a server of our own');
  const directory = join(redis.directory, 'appendonlydir');
  const name = readdirSync(directory).find((file) => file.endsWith('.incr.aof'));
  if (name === undefined) throw new Error(`no append-only file in ${directory}`);
  const file = join(directory, name);
  const { size } = statSync(file);
  const cut = Math.min(bytes, size);
  truncateSync(file, size - cut);
  return cut;
}
