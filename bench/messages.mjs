// @ts-check

/** The keys that hold the effect, the same for all peers. */
export const STOCK_KEY = '{bench}:stock';
export const APPLIED_KEY = '{bench}:applied';

/** Two locks in one namespace: the engine adds the hash tag itself. */
export const NAMESPACE = 'bench';
export const CHANNEL = 'orders';
export const GROUP = 'stock';

export const ITEM_COUNT = 100;
/** Never runs out: what happens when stock is short is not measured here. */
export const START_STOCK = 1_000_000_000;

const SEQUENCE_AT = 24;

/** @typedef {{ id: string, quantity: number }} Item */
/** @typedef {{ id: string, items: readonly Item[] }} Message an order of two items, about 120 bytes of JSON */

/** @param {number} number */
export const itemName = (number) => `sku-${String(number).padStart(3, '0')}`;

/**
 * The items of the order with this sequence number: everybody who counts can work them out again.
 * @param {number} sequence
 * @returns {[Item, Item]}
 */
export function itemsOf(sequence) {
  const first = (sequence * 7) % ITEM_COUNT;
  const second = (first + 1 + (sequence % (ITEM_COUNT - 1))) % ITEM_COUNT;
  return [
    { id: itemName(first), quantity: 1 + (sequence % 3) },
    { id: itemName(second), quantity: 1 + (sequence % 2) },
  ];
}

/**
 * A UUIDv7, as the order service makes them, whose last 48 bits are the sequence number.
 * @param {number} sequence
 * @param {number} atMs
 * @param {number} [chance] from 0 to 1: the same again makes the same id again
 */
export function idOf(sequence, atMs, chance = Math.random()) {
  const time = atMs.toString(16).padStart(12, '0');
  const random = Math.floor(chance * 0x1000000)
    .toString(16)
    .padStart(6, '0');
  const tail = sequence.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-8${random.slice(3)}-${tail}`;
}

/**
 * @param {number} sequence
 * @param {number} [atMs]
 * @returns {Message}
 */
export const messageOf = (sequence, atMs = Date.now()) => ({
  id: idOf(sequence, atMs),
  items: itemsOf(sequence),
});

/**
 * @param {string} id
 * @returns {number} NaN for an id that is none of ours
 */
export const sequenceOf = (id) => Number.parseInt(id.slice(SEQUENCE_AT), 16);

/** @param {string} id when it was made, milliseconds since 1970 */
export const madeAtMs = (id) => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
