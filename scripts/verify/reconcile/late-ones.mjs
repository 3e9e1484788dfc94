// @ts-check

/** So many wait for the end, when more is known of the clocks; further ones are judged by what is known at once. */
const MOST_KEPT = 50_000;

/**
 * @typedef {{ finding: Omit<import('./findings.mjs').Finding, 'lines' | 'kind' | 'detail'>, ms: number, by: number, of: number }} LateOne
 *   ms: how long it waited by the clocks of the pod that settled it (`by`) and of the one that accepted it (`of`)
 */

/** Messages that waited longer than allowed, if the clocks are right. */
export class LateOnes {
  /** @type {LateOne[]} */
  #kept = [];

  /**
   * @param {import('./findings.mjs').Findings} findings
   * @param {import('./clock-order.mjs').ClockOrder} clocks
   * @param {number} allowedMs
   */
  constructor(findings, clocks, allowedMs) {
    this.findings = findings;
    this.clocks = clocks;
    this.allowedMs = allowedMs;
  }

  /** @param {LateOne} late */
  add(late) {
    if (this.#kept.length < MOST_KEPT) this.#kept.push(late);
    else this.#judge(late);
  }

  /** When all lines are read. */
  close() {
    for (const late of this.#kept.splice(0)) this.#judge(late);
  }

  /** @param {LateOne} late */
  #judge({ finding, ms, by, of }) {
    const waitedMs = ms - this.clocks.ahead(by, of);
    if (waitedMs <= this.allowedMs) return;
    const detail = `waited ${Math.round(waitedMs)} ms, ${this.allowedMs} ms are allowed`;
    this.findings.add({ kind: 'late', ...finding, detail });
  }
}
