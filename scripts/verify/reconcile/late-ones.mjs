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
  /** Those that were sent back by hand, by digest, channel and group. @type {Set<string>} */
  #sentBack = new Set();

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

  /**
   * A message that turned out to be sent back by hand did not wait for a pod.
   * @param {string} digest
   * @param {{ channel: string, name: string }} group
   */
  forget(digest, { channel, name }) {
    this.#sentBack.add(`${digest} ${channel} ${name}`);
  }

  /** When all lines are read. */
  close() {
    for (const late of this.#kept.splice(0)) this.#judge(late);
  }

  /** @param {LateOne} late */
  #judge({ finding, ms, by, of }) {
    if (this.#sentBack.has(`${finding.digest} ${finding.channel} ${finding.group}`)) return;
    const waitedMs = ms - this.clocks.ahead(by, of);
    if (waitedMs <= this.allowedMs) return;
    const detail = `waited ${Math.round(waitedMs)} ms, ${this.allowedMs} ms are allowed`;
    this.findings.add({ kind: 'late', ...finding, detail });
  }
}
