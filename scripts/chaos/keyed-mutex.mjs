// @ts-check

/** One at a time per key, in the order asked: two faults must not hold the same pod or server at once. */
export class KeyedMutex {
  /** @type {Map<string, Promise<unknown>>} */
  #tails = new Map();

  /**
   * @template T
   * @param {readonly string[]} keys taken in sorted order, so that two takers cannot wait for each other
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async hold(keys, work) {
    const [first, ...rest] = [...keys].sort();
    if (first === undefined) return work();
    const before = this.#tails.get(first) ?? Promise.resolve();
    const run = before.then(() => this.hold(rest, work));
    const tail = run.catch(() => undefined);
    this.#tails.set(first, tail);
    try {
      return await run;
    } finally {
      if (this.#tails.get(first) === tail) this.#tails.delete(first);
    }
  }

  /** @param {string} key */
  isHeld(key) {
    return this.#tails.has(key);
  }
}
