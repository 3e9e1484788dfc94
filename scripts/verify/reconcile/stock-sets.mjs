// @ts-check

/** More than any shop sets by hand: beyond it the log does not tell the stock. */
const MOST_KEPT = 500_000;

/** Clocks may differ by so much without anything that shows it, beside what is shown. */
const UNSEEN_MS = 1_000;

/** @typedef {{ at: number, pod: number, quantity: number, previous: number, isFirst: boolean }} StockSet   previous: 0 for a new item */

/** `stock.set` lines: what people made of the stock, beside what the orders took. */
export class StockSets {
  /** @type {Map<string, Map<string, StockSet>>} */
  #byItem = new Map();
  #count = 0;
  complete = true;
  /** Items that were found below zero. @type {Map<string, number>} */
  negative = new Map();
  /** When each pod first spoke of a message, by its number. @type {number[]} */
  #firstAt = [];

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
    sets.set(key, { at, pod, quantity, previous: previous ?? 0, isFirst: previous === null });
  }

  /**
   * A pod speaks of a message.
   * @param {number} pod
   * @param {number} at
   */
  noteMessage(pod, at) {
    if (at < (this.#firstAt[pod] ?? Infinity)) this.#firstAt[pod] = at;
  }

  /** @returns {Iterable<string>} */
  get items() {
    return this.#byItem.keys();
  }

  /**
   * Units that were added by hand. Each line names what was there before, so their order means nothing.
   * @param {string} item
   */
  added(item) {
    return sum(this.#of(item));
  }

  /**
   * Units that were added by hand to a start that is given: what was set before the first order belongs to the start.
   * A pod that had spoken of a message before knows that it was not. Else the clocks of two pods have to tell, and where
   * they may be wrong about it both can be true.
   * @param {string} item
   * @param {number} clocksDifferByMs at least
   * @returns {number[]} what it may be, the likeliest first
   */
  readings(item, clocksDifferByMs) {
    const firstAt = this.#firstAt.reduce((first, at) => Math.min(first, at), Infinity);
    const doubtMs = clocksDifferByMs + UNSEEN_MS;
    const sets = this.#of(item);
    const isAfter = (/** @type {StockSet} */ { at, pod }) =>
      (this.#firstAt[pod] ?? Infinity) < at || firstAt < at - doubtMs;
    const after = sum(sets.filter(isAfter));
    const open = sets
      .filter((set) => !isAfter(set) && !(set.at + doubtMs < firstAt))
      .sort((one, other) => other.at - one.at);
    // The start was read at one moment: what was set after it counts, from the last one backwards.
    const readings = [after];
    for (const { quantity, previous } of open) readings.push((readings.at(-1) ?? 0) + quantity - previous);
    const likeliest = open.filter(({ at }) => !(at < firstAt)).length;
    return [...new Set([readings[likeliest] ?? after, ...readings])];
  }

  /**
   * Whether the log saw the item come into being: then it began with nothing.
   * @param {string} item
   */
  sawBeginning(item) {
    return this.#of(item).some(({ isFirst }) => isFirst);
  }

  /** @param {string} item */
  #of(item) {
    return [...(this.#byItem.get(item)?.values() ?? [])];
  }
}

/** @param {readonly StockSet[]} sets */
const sum = (sets) => sets.reduce((units, { quantity, previous }) => units + quantity - previous, 0);
