// @ts-check
import { hashOf } from '../random.mjs';

/** @typedef {{ id: string, quantity: number }} Item */

export const ITEMS = 40;
/** Of these there is too little: some orders for them are rejected. */
export const SCARCE = 4;
const ONE_SCARCE_IN = 150;

export const stockItem = (/** @type {number} */ nth) => `item-${nth}`;
export const scarceItem = (/** @type {number} */ nth) => `scarce-${nth}`;

/**
 * What message number n orders: the same in every run of a seed.
 * @param {number} seed
 * @param {number} n
 * @param {{ scarce: boolean }} options
 * @returns {Item[]}
 */
export function itemsOf(seed, n, { scarce }) {
  const hash = hashOf(`${seed}:${n}`);
  const first = { id: stockItem(hash % ITEMS), quantity: 1 + ((hash >>> 8) % 3) };
  if (scarce && (hash >>> 4) % ONE_SCARCE_IN === 0)
    return [{ id: scarceItem((hash >>> 12) % SCARCE), quantity: 1 }];
  const second = (hash >>> 16) % ITEMS;
  return second === hash % ITEMS ? [first] : [first, { id: stockItem(second), quantity: 1 }];
}

/**
 * @param {number} expectedMessages
 * @param {{ scarce: boolean }} options
 * @returns {Record<string, number>} units at the start
 */
export function startStock(expectedMessages, { scarce }) {
  /** @type {Record<string, number>} */
  const stock = {};
  for (let nth = 0; nth < ITEMS; nth += 1) stock[stockItem(nth)] = 10 * expectedMessages + 1_000;
  if (scarce) for (let nth = 0; nth < SCARCE; nth += 1) stock[scarceItem(nth)] = 3;
  return stock;
}

/** A UUIDv7 of a given moment. @param {number} ms */
export function uuidV7(ms) {
  const time = Math.floor(ms).toString(16).padStart(12, '0');
  const random = crypto.randomUUID();
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}
