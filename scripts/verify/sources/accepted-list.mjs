// @ts-check
import { fileSource } from './file-source.mjs';
import { splitLines } from '../lines/split-lines.mjs';

/**
 * One order that a client sent. certain: it was answered as accepted; false: its answer was lost; refused: it was
 * answered with a no.
 * @typedef {{ id: string, certain: boolean, refused?: true, items: readonly { id: string, quantity: number }[] | undefined }} ListedOrder
 */

/**
 * Reads a list of accepted orders: an id per line, or JSON lines { orderId, items?, accepted?: true | false | "unknown" }.
 * @param {string} path
 * @returns {AsyncGenerator<ListedOrder | undefined, void>} undefined for a line that is neither
 */
export async function* readAcceptedList(path) {
  for await (const { lines } of splitLines(fileSource(path).open())) {
    for (const line of lines) {
      const text = line.trim();
      if (text === '') continue;
      const orders = /^[{["]/.test(text) ? listed(text) : [{ id: text, certain: true, items: undefined }];
      yield* orders;
    }
  }
}

/**
 * @param {string} text
 * @returns {(ListedOrder | undefined)[]}
 */
function listed(text) {
  try {
    /** @type {unknown} */
    const value = JSON.parse(text);
    return (Array.isArray(value) ? value : [value]).map(order);
  } catch {
    return [undefined];
  }
}

/**
 * @param {unknown} value
 * @returns {ListedOrder | undefined}
 */
function order(value) {
  if (typeof value === 'string') return { id: value, certain: true, items: undefined };
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = /** @type {Record<string, unknown>} */ (value);
  const id = fields['orderId'] ?? fields['messageId'] ?? fields['id'];
  if (typeof id !== 'string') return undefined;
  if (fields['accepted'] === false) return { id, certain: false, refused: true, items: undefined };
  const { items } = fields;
  return {
    id,
    certain: fields['accepted'] !== 'unknown',
    items: Array.isArray(items) && items.every(isItem) ? items : undefined,
  };
}

/** @param {unknown} value */
function isItem(value) {
  if (typeof value !== 'object' || value === null) return false;
  const { id, quantity } = /** @type {Record<string, unknown>} */ (value);
  return typeof id === 'string' && Number.isSafeInteger(quantity);
}

/**
 * Whether two orders ask for the same, whatever the order of their items.
 * @param {ListedOrder['items']} items
 * @returns {string}
 */
export function spelled(items) {
  if (!items) return '';
  /** @type {Map<string, number>} */
  const units = new Map();
  for (const { id, quantity } of items) units.set(id, (units.get(id) ?? 0) + quantity);
  return JSON.stringify([...units].sort(([one], [other]) => (one < other ? -1 : 1)));
}
