// @ts-check
import { appendFileSync } from 'node:fs';

/** A pod may tell so much later what it heard before a loss. */
const TOLD_LATE_MS = 3_000;

/** What was done to the system and when, for the verifier's time line and for people. */
export class FaultLog {
  /** Injections done, by row. @type {Map<number, number>} */
  done = new Map();
  /** Why rows, or injections of them, were left out. @type {Map<number, Map<string, number>>} */
  skipped = new Map();

  /**
   * @param {string} file of the verifier's list: a line per fault when it is over
   * @param {(text: string) => void} say
   */
  constructor(file, say) {
    this.file = file;
    this.say = say;
  }

  /**
   * @template T
   * @param {{ row: number, kind: string, target?: string, losesData?: boolean, quiet?: boolean }} fault
   * @param {() => Promise<T>} work the fault, from its beginning to its end
   * @returns {Promise<T>}
   */
  async during({ row, kind, target = '', losesData = false, quiet = false }, work) {
    const at = Date.now();
    if (!quiet) this.say(`row ${row}: ${kind}${target === '' ? '' : ` ${target}`}`);
    try {
      const result = await work();
      this.count(row);
      return result;
    } finally {
      // The verifier reads a kind as words; whether data was lost is said outright.
      const until = iso(Date.now() + (losesData ? TOLD_LATE_MS : 0));
      const line = { at: iso(at), until, kind: `${row} ${kind}`, target, losesData };
      appendFileSync(this.file, `${JSON.stringify(line)}\n`);
    }
  }

  /**
   * @param {number} row
   * @param {number} [times]
   */
  count(row, times = 1) {
    this.done.set(row, (this.done.get(row) ?? 0) + times);
  }

  /**
   * @param {number} row
   * @param {string} why
   * @param {number} [times]
   */
  skip(row, why, times = 1) {
    const reasons = this.skipped.get(row) ?? new Map();
    if (!reasons.has(why)) this.say(`row ${row}: SKIPPED, ${why}`);
    reasons.set(why, (reasons.get(why) ?? 0) + times);
    this.skipped.set(row, reasons);
  }
}

/** @param {number} ms */
const iso = (ms) => new Date(ms).toISOString();
