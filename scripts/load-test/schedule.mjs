// @ts-check

/**
 * One request to be sent. intendedAt: when it was to leave, milliseconds; latency counts from there.
 * @typedef {{ number: number, again: boolean, intendedAt: number }} Job
 *
 * @typedef {{ begin(now: number): void, take(now: number): Job | undefined, nextAt(): number, readonly total: number }} Schedule
 *   take: a request that is due; nextAt: when the next one is, Infinity at the end
 */

/** A repeat that is late comes after so much time, or so many orders. */
const LATE_MS = 1_000;
const LATE_ORDERS = 500;

/**
 * Which orders are sent again, evenly spread: every second of them at once, the others late.
 * @param {number} count
 * @param {number} share 0 to 1
 * @returns {(number: number) => 'no' | 'at-once' | 'late'}
 */
export function repeats(count, share) {
  const before = (/** @type {number} */ number) => Math.round(number * share);
  return (number) => {
    if (number >= count || before(number + 1) === before(number)) return 'no';
    return before(number) % 2 === 0 ? 'at-once' : 'late';
  };
}

/** Repeats that are late wait here; those put in first are due first. */
class LateOnes {
  /** @type {{ number: number, due: number }[]} */
  #list = [];
  #next = 0;

  /**
   * @param {number} number
   * @param {number} due
   */
  put(number, due) {
    this.#list.push({ number, due });
  }

  get first() {
    return this.#list[this.#next];
  }

  take() {
    this.#next += 1;
  }
}

/**
 * Open loop: order n is due n / rate seconds after the first, whatever became of those before it.
 * @implements {Schedule}
 */
export class OpenLoop {
  #late = new LateOnes();
  #next = 0;
  #began = 0;
  /** @type {Job | undefined} */
  #atOnce;

  /** @param {{ count: number, perSecond: number, duplicates: number }} options */
  constructor({ count, perSecond, duplicates }) {
    this.count = count;
    this.everyMs = 1_000 / perSecond;
    this.kindOf = repeats(count, duplicates);
    this.total = count + Math.round(count * duplicates);
  }

  /** @param {number} now */
  begin(now) {
    this.#began = now;
  }

  /**
   * @param {number} now
   * @returns {Job | undefined}
   */
  take(now) {
    const atOnce = this.#atOnce;
    this.#atOnce = undefined;
    if (atOnce) return atOnce;
    if (this.nextAt() > now) return undefined;
    const late = this.#late.first;
    if (late && late.due <= this.#dueOf(this.#next)) {
      this.#late.take();
      return { number: late.number, again: true, intendedAt: late.due };
    }
    const number = this.#next;
    this.#next += 1;
    const intendedAt = this.#dueOf(number);
    const kind = this.kindOf(number);
    if (kind === 'at-once') this.#atOnce = { number, again: true, intendedAt };
    if (kind === 'late') this.#late.put(number, intendedAt + LATE_MS);
    return { number, again: false, intendedAt };
  }

  nextAt() {
    if (this.#atOnce) return this.#atOnce.intendedAt;
    return Math.min(this.#late.first?.due ?? Infinity, this.#dueOf(this.#next));
  }

  /** @param {number} number */
  #dueOf(number) {
    return number < this.count ? this.#began + number * this.everyMs : Infinity;
  }
}

/**
 * Closed loop: the next order is due as soon as a connection is free.
 * @implements {Schedule}
 */
export class ClosedLoop {
  #late = new LateOnes();
  #next = 0;
  /** @type {number | undefined} */
  #atOnce;

  /** @param {{ count: number, duplicates: number }} options */
  constructor({ count, duplicates }) {
    this.count = count;
    this.kindOf = repeats(count, duplicates);
    this.total = count + Math.round(count * duplicates);
  }

  begin() {}

  /**
   * @param {number} now
   * @returns {Job | undefined}
   */
  take(now) {
    const atOnce = this.#atOnce;
    this.#atOnce = undefined;
    if (atOnce !== undefined) return { number: atOnce, again: true, intendedAt: now };
    const late = this.#late.first;
    if (late && (late.due <= this.#next || this.#next >= this.count)) {
      this.#late.take();
      return { number: late.number, again: true, intendedAt: now };
    }
    if (this.#next >= this.count) return undefined;
    const number = this.#next;
    this.#next += 1;
    const kind = this.kindOf(number);
    if (kind === 'at-once') this.#atOnce = number;
    if (kind === 'late') this.#late.put(number, number + LATE_ORDERS);
    return { number, again: false, intendedAt: now };
  }

  nextAt() {
    return this.#atOnce !== undefined || this.#late.first || this.#next < this.count ? -Infinity : Infinity;
  }
}
