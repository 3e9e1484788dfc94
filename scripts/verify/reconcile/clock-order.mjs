// @ts-check

/**
 * What follows about the clocks of pods from what cannot have been otherwise: an order is accepted before it is
 * settled, and settled before its result is processed. If clocks say the contrary, they differ by so much at least.
 */
export class ClockOrder {
  /** By pair of pods. @type {Map<number, number>} */
  #ahead = new Map();
  /** By pod, as against any other. @type {number[]} */
  #mostAhead = [];
  /** @type {number[]} */
  #mostBehind = [];
  /** The most that any two differ, as far as it is proved. */
  mostMs = 0;

  /**
   * @param {{ pod: number, at: number }} before
   * @param {{ pod: number, at: number }} after
   */
  note(before, after) {
    const ms = before.at - after.at;
    if (!(ms > 0) || before.pod === after.pod) return;
    const pair = before.pod * 65_536 + after.pod;
    if (ms > (this.#ahead.get(pair) ?? 0)) this.#ahead.set(pair, ms);
    if (ms > this.mostAhead(before.pod)) this.#mostAhead[before.pod] = ms;
    if (ms > this.mostBehind(after.pod)) this.#mostBehind[after.pod] = ms;
    if (ms > this.mostMs) this.mostMs = ms;
  }

  /**
   * @param {number} pod
   * @param {number} other
   * @returns {number} by how many milliseconds at least the clock of `pod` is ahead of that of `other`
   */
  ahead(pod, other) {
    return this.#ahead.get(pod * 65_536 + other) ?? 0;
  }

  /**
   * @param {number} pod
   * @returns {number} by how many milliseconds at least its clock is ahead of one other
   */
  mostAhead(pod) {
    return this.#mostAhead[pod] ?? 0;
  }

  /**
   * @param {number} pod
   * @returns {number} by how many milliseconds at least its clock is behind one other
   */
  mostBehind(pod) {
    return this.#mostBehind[pod] ?? 0;
  }
}
