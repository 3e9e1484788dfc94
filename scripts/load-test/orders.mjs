// @ts-check
import { randomInt } from 'node:crypto';

/**
 * @typedef {{ id: string, quantity: number }} Item
 * @typedef {{ orderId: string, items: Item[] }} Order
 */

const HEX_BEFORE_NUMBER = 24;

/** The orders of one run: the same number, the same order. Their ids are UUIDv7 that end in the number. */
export class RunOrders {
  /**
   * @param {{ count: number, items: number, startedAt: number, run?: number }} options startedAt: milliseconds since
   *   1970; run: tells the orders of this run from all others
   */
  constructor({ count, items, startedAt, run = randomInt(2 ** 24) }) {
    this.count = count;
    const hex = run.toString(16).padStart(6, '0');
    /** Part of every id of this run, and of no other. */
    this.tag = `-7${hex.slice(0, 3)}-8${hex.slice(3)}-`;
    const time = startedAt.toString(16).padStart(12, '0');
    this.#head = `${time.slice(0, 8)}-${time.slice(8)}${this.tag}`;
    this.items = Array.from({ length: items }, (_, index) => `load-${hex}-${index + 1}`);
  }

  #head;

  /** @param {number} number */
  id(number) {
    return this.#head + number.toString(16).padStart(12, '0');
  }

  /**
   * @param {string} id
   * @returns {number | undefined} undefined when it is no order of this run
   */
  numberOf(id) {
    if (id.length !== HEX_BEFORE_NUMBER + 12 || !id.startsWith(this.#head)) return undefined;
    const number = Number.parseInt(id.slice(HEX_BEFORE_NUMBER), 16);
    return number < this.count ? number : undefined;
  }

  /**
   * Two different items, where there are as many, of one to three units.
   * @param {number} number
   * @returns {Order}
   */
  order(number) {
    const { length } = this.items;
    const first = number % length;
    const second = (first + 1 + (Math.floor(number / length) % Math.max(1, length - 1))) % length;
    const items = [...new Set([first, second])].map((index, nth) => ({
      id: /** @type {string} */ (this.items[index]),
      quantity: 1 + ((number + nth) % 3),
    }));
    return { orderId: this.id(number), items };
  }

  /** @returns {Map<string, number>} units of each item, so many that a second effect of every order would find its own */
  startStock() {
    const stock = new Map(this.items.map((id) => [id, 0]));
    for (let number = 0; number < this.count; number += 1) {
      for (const { id, quantity } of this.order(number).items)
        stock.set(id, (stock.get(id) ?? 0) + 2 * quantity);
    }
    return stock;
  }
}
