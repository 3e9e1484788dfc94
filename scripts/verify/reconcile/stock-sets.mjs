// @ts-check

/** More than any shop sets by hand: beyond it the log does not tell the stock. */
const MOST_KEPT = 500_000;

/** @typedef {{ at: number, quantity: number, previous: number }} StockSet   previous: 0 for a new item */

/** `stock.set` lines: what people made of the stock, beside what the orders took. */
export class StockSets {
  /** @type {Map<string, Map<string, StockSet & { isFirst: boolean }>>} */
  #byItem = new Map();
  #count = 0;
  complete = true;
  /** Items that were found below zero. @type {Map<string, number>} */
  negative = new Map();
  /** When the first order was accepted, or settled: what was set before belongs to the start. */
  firstOrderAt = Infinity;

  /**
   * @param {import('../lines/fact.mjs').StockChange} change
   * @param {{ at: number, pod: number }} line
   */
  note({ item, quantity, previous }, { at, pod }) {
    if (previous !== null && previous < 0) this.negative.set(item, previous);
    if (this.#count >= MOST_KEPT) {
      this.complete = false;
      return;
    }
    let sets = this.#byItem.get(item);
    if (!sets) {
      sets = new Map();
      this.#byItem.set(item, sets);
    }
    // The same line delivered twice is one line.
    const key = `${at} ${pod} ${quantity} ${previous}`;
    if (!sets.has(key)) this.#count += 1;
    sets.set(key, { at, quantity, previous: previous ?? 0, isFirst: previous === null });
  }

  /** @returns {Iterable<string>} */
  get items() {
    return this.#byItem.keys();
  }

  /**
   * Units that were added by hand. Each line names what was there before, so their order means nothing.
   * @param {string} item
   * @param {boolean} all false: only what was set after the first order, since the start is given
   */
  added(item, all) {
    let units = 0;
    for (const { at, quantity, previous } of this.#byItem.get(item)?.values() ?? []) {
      if (all || !(at < this.firstOrderAt)) units += quantity - previous;
    }
    return units;
  }

  /**
   * Whether the log saw the item come into being: then it began with nothing.
   * @param {string} item
   */
  sawBeginning(item) {
    return [...(this.#byItem.get(item)?.values() ?? [])].some(({ isFirst }) => isFirst);
  }
}
