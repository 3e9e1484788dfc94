// @ts-check
/** Its stock is no number: whoever orders it becomes a dead letter, and nobody beside it is harmed. */
export const BAD_ITEM = 'no-number';

/** What the ids of forged messages begin with. */
export const FORGED = 'forged-';

/** Things on the channel that are no envelopes, or lie. */
const ON_THE_CHANNEL = [
  '',
  'hello',
  '2',
  '2 1-1',
  '2 1-1\n',
  '1\nfrom the past',
  '3 1-1\nfrom the future',
  '{"id":1}',
  '2 1-1\nno tabs at all',
  '2 1-1\ns1 f\t\t{}\t{}',
  '2 x-y\ns1 f\tid\t{}\t{}',
  `2 1-1\ns1 f\tforged-a\t{}\t{"orderId":"${FORGED}a","items":[{"id":"item-1","quantity":1}]}`,
  `2 99999999999999-0\ns1 f\t${FORGED}b\t{}\tnot json`,
  `2 1-1\ns1 f\t${FORGED}c\tnot json\t{}`,
  `2 1-1\ns1 f\t${FORGED}d\t{"a":1}\t{}`,
  '\u0000\u0001\u0002',
  `2 1-1\n${'x'.repeat(10_000)}`,
  '1!',
];

/** Entries that somebody wrote into the backlog by hand: without an id, an address or a body. */
const IN_THE_LOG = [
  ['foo', 'bar'],
  ['i', 'stranger-1'],
  ['i', 'stranger-2', 'a', 'nospace', 'h', '{}', 'b', '{}'],
  ['a', 'h1 x', 'h', '{}', 'b', '{}'],
];

/** One in so many goes into the log: the rest is shouted on the channel. */
const LOG_SHARE = 10;

/**
 * @param {import('../scene.mjs').Scene} scene
 * @param {import('../redis/redis-node.mjs').RedisNode} redis
 * @param {number} nth
 */
export async function badData(scene, redis, nth) {
  if (nth % LOG_SHARE === LOG_SHARE - 1) {
    const fields = /** @type {string[]} */ (IN_THE_LOG[Math.floor(nth / LOG_SHARE) % IN_THE_LOG.length]);
    const added = await redis
      .ask('XADD', `${scene.groupPrefix}log`, '*', ...fields)
      .catch((error) => String(error));
    if (typeof added === 'string') scene.strangers += 1;
    return;
  }
  const text = /** @type {string} */ (ON_THE_CHANNEL[nth % ON_THE_CHANNEL.length]);
  await redis.ask('PUBLISH', scene.feedChannel, text);
}
