// @ts-check

const MOST_COLUMNS = 400;

/** Counts per name over time, in columns that double in width when there are too many: constant memory. */
export class TimeSeries {
  widthMs = 100;
  /** @type {Map<number, Record<string, number>>} */
  #columns = new Map();
  #first = Infinity;
  #last = -Infinity;

  /**
   * @param {string} name
   * @param {number} at milliseconds; NaN is not counted
   */
  add(name, at) {
    if (Number.isNaN(at)) return;
    const index = Math.floor(at / this.widthMs);
    this.#first = Math.min(this.#first, index);
    this.#last = Math.max(this.#last, index);
    let column = this.#columns.get(index);
    if (!column) {
      column = {};
      this.#columns.set(index, column);
    }
    column[name] = (column[name] ?? 0) + 1;
    while (this.#last - this.#first >= MOST_COLUMNS) this.#widen();
  }

  /** @returns {{ at: number, counts: Record<string, number> }[]} by time, without empty columns */
  columns() {
    return [...this.#columns]
      .sort(([one], [other]) => one - other)
      .map(([index, counts]) => ({ at: index * this.widthMs, counts }));
  }

  #widen() {
    const old = this.#columns;
    this.widthMs *= 2;
    this.#columns = new Map();
    for (const [index, counts] of old) {
      const to = Math.floor(index / 2);
      const column = this.#columns.get(to) ?? {};
      for (const [name, count] of Object.entries(counts)) column[name] = (column[name] ?? 0) + count;
      this.#columns.set(to, column);
    }
    this.#first = Math.floor(this.#first / 2);
    this.#last = Math.floor(this.#last / 2);
  }
}
