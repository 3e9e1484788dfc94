// @ts-check
import { FORGED } from '../faults/bad-data.mjs';

/**
 * How many messages somebody was handed and has not settled. Forged ones do not count: claimed by their envelope, and
 * left in `held` when their pod is killed before it offers the result that would be refused.
 * @param {{ ask: (...command: string[]) => Promise<any> }} redis
 * @param {string} groupPrefix
 * @returns {Promise<number>}
 */
export async function heldMessages(redis, groupPrefix) {
  /** @type {string[]} */
  const ids = await redis.ask('HKEYS', `${groupPrefix}held`);
  return ids.filter((id) => !id.startsWith(FORGED)).length;
}
