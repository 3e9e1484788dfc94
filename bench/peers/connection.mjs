// @ts-check
import { Redis } from 'ioredis';
import { APPLIED_KEY, itemName, ITEM_COUNT, START_STOCK, STOCK_KEY } from '../messages.mjs';

/**
 * @param {string} url
 * @param {string} name
 */
export async function connected(url, name) {
  const redis = new Redis(url, { lazyConnect: true, connectionName: name, replyMapping: 'legacy' });
  redis.on('error', (error) => process.stderr.write(`${name}: ${error.message}\n`));
  await redis.connect();
  return redis;
}

/**
 * The effect of one message, for peers without a store of their own: two stock decrements and an applied mark. The mark
 * counts, so that whoever works twice is seen.
 * @param {import('ioredis').ChainableCommander} pipeline
 * @param {import('../messages.mjs').Message} message
 */
export function addEffect(pipeline, { id, items }) {
  for (const item of items) pipeline.hincrby(STOCK_KEY, item.id, -item.quantity);
  pipeline.hincrby(APPLIED_KEY, id, 1);
}

/**
 * @param {import('ioredis').ChainableCommander} pipeline
 * @throws Error the first that a command answered
 */
export async function executed(pipeline) {
  const replies = await pipeline.exec();
  for (const [error] of replies ?? []) if (error) throw error;
}

/** @param {import('ioredis').Redis} redis */
export async function fillStock(redis) {
  const stock = Array.from({ length: ITEM_COUNT }, (_, number) => [itemName(number), START_STOCK]).flat();
  await redis.hset(STOCK_KEY, ...stock);
}
