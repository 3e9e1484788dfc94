import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { witnessKey } from '../pod/settings.mjs';
import { RedisNode } from '../redis/redis-node.mjs';
import { checkInvariants } from './invariants.mjs';

const PREFIX = '{shop}:order_updates:inventory:';

describe('the invariants of a store at rest', () => {
  const directory = mkdtempSync(join(tmpdir(), 'onlyonce-invariants-'));
  /** @type {RedisNode} */
  let redis;

  beforeAll(async () => {
    redis = await RedisNode.create({ directory });
    await redis.start();
  });
  afterAll(async () => {
    await redis.kill();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Three orders: a took effect, b was refused for lack of stock, c was told to die and did. */
  beforeEach(async () => {
    await redis.ask('FLUSHALL');
    const orders = [
      { orderId: 'a', items: [{ id: 'item', quantity: 2 }] },
      { orderId: 'b', items: [{ id: 'scarce', quantity: 1 }] },
      { orderId: 'c', items: [{ id: 'item', quantity: 1 }], misbehaviour: { do: 'exit' } },
    ];
    writeFileSync(
      join(directory, 'accepted.jsonl'),
      orders.map((order) => `${JSON.stringify(order)}\n`).join(''),
    );
    writeFileSync(join(directory, 'start-stock.json'), JSON.stringify({ item: 10, scarce: 0 }));
    await redis.ask('HSET', '{shop}:stock', 'item', 8, 'scarce', 0);
    await redis.ask('HSET', `{shop}:${witnessKey('a')}`, 'C a', 1);
    await redis.ask('HSET', `{shop}:${witnessKey('b')}`, 'R b', 1);
    await redis.ask('XADD', `${PREFIX}dead`, '*', 'i', 'c');
    await redis.ask('HSET', `${PREFIX}done:0h1`, 'a', 'C', 'b', 'R', 'c', 'D');
  });

  const wrongs = async () =>
    (await checkInvariants(redis, { directory, groupPrefix: PREFIX, strangers: 0 })).wrongs.join('\n');

  it('finds nothing wrong in a history that is right', async () => {
    expect(await wrongs()).toBe('');
  });

  it.each([
    [
      'a second effect',
      /I5: ids with more than one effect.* a/,
      ['HINCRBY', `{shop}:${witnessKey('a')}`, 'C a', 1],
    ],
    ['both outcomes', /I5: confirmed and rejected/, ['HSET', `{shop}:${witnessKey('a')}`, 'R a', 1]],
    [
      'an effect of a dead letter',
      /I5: dead letters with an effect/,
      ['HSET', `{shop}:${witnessKey('c')}`, 'C c', 1],
    ],
    ['a lost order', /I6: accepted, and neither/, ['DEL', `{shop}:${witnessKey('a')}`]],
    [
      'an effect nobody asked for',
      /I6: settled, and never sent/,
      ['HSET', `{shop}:${witnessKey('x')}`, 'C x', 1],
    ],
    ['stock taken twice', /I4: item is 6, not 8/, ['HSET', '{shop}:stock', 'item', 6]],
    ['stock below zero', /I4: scarce is -1/, ['HSET', '{shop}:stock', 'scarce', -1]],
    ['an entry left in the backlog', /I2: 1 entries/, ['XADD', `${PREFIX}log`, '*', 'i', 'a']],
    ['a message still held', /I2: 1 held/, ['HSET', `${PREFIX}held`, 'a', 'x']],
    ['a lock left behind', /I2: 1 locks/, ['SET', `${PREFIX}lock:a`, 'x']],
    ['a history left behind', /I2: 2 histories/, ['HSET', `${PREFIX}meta`, 'a', 'x', 'c', 'y']],
    ['a processed id too few', /I1: 2 processed ids for 3/, ['HDEL', `${PREFIX}done:0h1`, 'a']],
    ['poison that lived', /poison that did not die/, ['DEL', `${PREFIX}dead`]],
    [
      'a healthy message that died',
      /healthy messages among the dead.* a/,
      ['XADD', `${PREFIX}dead`, '*', 'i', 'a'],
    ],
  ])('finds %s', async (_, expected, command) => {
    await redis.ask(...command);
    expect(await wrongs()).toMatch(expected);
  });
});
