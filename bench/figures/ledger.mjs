// @ts-check
import { itemName, ITEM_COUNT, itemsOf, sequenceOf, START_STOCK } from '../messages.mjs';

/**
 * @typedef {{
 *   expected: number, appliedOnce: number, duplicated: number, extraEffects: number, lost: number, foreign: number,
 *   stockOff: number, examples: string[],
 * }} Books duplicated: messages that took effect more than once; extraEffects: effects beyond the first; lost: accepted,
 *   and never took effect; foreign: effects of ids that nobody sent; stockOff: units by which the stock differs from
 *   one effect per message accepted, over all items; examples: some ids, or sequence numbers of what was lost
 */

const EXAMPLES = 5;
const MOST_COUNTED = 65_535;

/** Counts effects per message in constant memory per message: two bytes. */
export class Ledger {
  #counts;
  #foreign = 0;
  /** @type {string[]} */
  #examples = [];

  /** @param {number} expected how many messages were accepted, with the sequence numbers from 0 on */
  constructor(expected) {
    this.expected = expected;
    this.#counts = new Uint16Array(expected);
  }

  /**
   * @param {string} id
   * @param {number} count how often it took effect
   */
  add(id, count) {
    const sequence = sequenceOf(id);
    const known = this.#counts[sequence];
    if (known === undefined) {
      this.#foreign += count;
      this.#example(`foreign ${id}`);
      return;
    }
    // Saturates rather than wraps: a count of 65,536 must not look like none.
    this.#counts[sequence] = Math.min(MOST_COUNTED, known + count);
    if (known + count > 1) this.#example(`${known + count} times ${id}`);
  }

  /**
   * @param {ReadonlyMap<string, number>} stock units left by item
   * @returns {Books}
   */
  close(stock) {
    const books = { appliedOnce: 0, duplicated: 0, extraEffects: 0, lost: 0 };
    this.#counts.forEach((count, sequence) => {
      if (count === 1) books.appliedOnce += 1;
      else if (count > 1) {
        books.duplicated += 1;
        books.extraEffects += count - 1;
      } else {
        books.lost += 1;
        this.#example(`lost ${sequence}`);
      }
    });
    return {
      expected: this.expected,
      ...books,
      foreign: this.#foreign,
      stockOff: this.#stockOff(stock),
      examples: this.#examples,
    };
  }

  /**
   * Counted item by item, so that a unit too many here and one too few there do not cancel out.
   * @param {ReadonlyMap<string, number>} stock
   */
  #stockOff(stock) {
    const due = new Map();
    for (let number = 0; number < ITEM_COUNT; number += 1) due.set(itemName(number), START_STOCK);
    for (let sequence = 0; sequence < this.expected; sequence += 1) {
      for (const { id, quantity } of itemsOf(sequence)) due.set(id, due.get(id) - quantity);
    }
    let off = 0;
    for (const [item, units] of due) off += Math.abs((stock.get(item) ?? 0) - units);
    return off;
  }

  /** @param {string} text */
  #example(text) {
    if (this.#examples.length < EXAMPLES) this.#examples.push(text);
  }
}

/**
 * Whether the books show anything but one effect per message.
 * @param {Books} books
 */
export const inOrder = (books) =>
  books.duplicated === 0 && books.lost === 0 && books.foreign === 0 && books.stockOff === 0;
