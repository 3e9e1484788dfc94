// @ts-check

/** Random choices that can be had again from the same seed (mulberry32). */
export class Random {
  #state;

  /** @param {number} seed */
  constructor(seed) {
    this.seed = seed;
    this.#state = seed | 0;
  }

  /**
   * A generator of its own for one purpose: choices made for one do not shift those of another.
   * @param {string} label
   */
  fork(label) {
    return new Random(hashOf(`${this.seed}/${label}`));
  }

  /** From 0 to below 1. */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /**
   * Both ends included.
   * @param {number} least
   * @param {number} most
   */
  integer(least, most) {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /**
   * @template T
   * @param {readonly T[]} items
   * @returns {T}
   */
  pick(items) {
    if (items.length === 0) throw new Error('nothing to pick from');
    return /** @type {T} */ (items[this.integer(0, items.length - 1)]);
  }
}

/**
 * @param {string} text
 * @returns {number} 32 bits (FNV-1a)
 */
export function hashOf(text) {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
