// @ts-check

const STEPS_PER_DOUBLING = 32;
const LARGEST_DOUBLING = 40;

/** How long messages waited: a histogram with steps of 2%, in constant memory. */
export class Waits {
  #counts = new Uint32Array(STEPS_PER_DOUBLING * LARGEST_DOUBLING + 1);
  count = 0;
  /** Settled before they were accepted, going by the clocks of the pods: the clocks differ. */
  negative = 0;
  mostNegativeMs = 0;
  longestMs = 0;

  /** @param {number} ms */
  add(ms) {
    this.count += 1;
    if (ms < 0) {
      this.negative += 1;
      this.mostNegativeMs = Math.min(this.mostNegativeMs, ms);
    }
    this.longestMs = Math.max(this.longestMs, ms);
    const step = ms < 1 ? 0 : 1 + Math.floor(Math.log2(ms) * STEPS_PER_DOUBLING);
    const at = Math.min(step, this.#counts.length - 1);
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  /**
   * @param {number} share such as 0.99
   * @returns {number} milliseconds, at most 2% off; 0 when there is none
   */
  percentile(share) {
    const rank = Math.ceil(share * this.count);
    let seen = 0;
    for (const [step, count] of this.#counts.entries()) {
      seen += count;
      if (count > 0 && seen >= rank) return Math.min(upperMs(step), this.longestMs);
    }
    return 0;
  }

  /** @returns {{ fromMs: number, toMs: number, count: number }[]} two columns per doubling, from the first to the last */
  columns() {
    /** @type {{ fromMs: number, toMs: number, count: number }[]} */
    const columns = [];
    const width = STEPS_PER_DOUBLING / 2;
    this.#counts.forEach((count, step) => {
      if (count === 0) return;
      const column = step === 0 ? 0 : 1 + Math.floor((step - 1) / width);
      while (columns.length <= column) {
        const index = columns.length;
        columns.push({
          fromMs: index === 0 ? 0 : 2 ** ((index - 1) / 2),
          toMs: 2 ** (index / 2),
          count: 0,
        });
      }
      const found = columns[column];
      if (found) found.count += count;
    });
    return columns.slice(
      Math.max(
        0,
        columns.findIndex(({ count }) => count > 0),
      ),
    );
  }
}

/** @param {number} step */
const upperMs = (step) => (step === 0 ? 1 : 2 ** (step / STEPS_PER_DOUBLING));
