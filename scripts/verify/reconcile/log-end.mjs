// @ts-check

/** Pods scan the backlog and log something more often than this while others work. */
const SILENCE_MS = 2_000;

/**
 * When the logs end. The last line of all is by the clock that is ahead most; what is known of that is taken off.
 */
export class LogEnd {
  /**
   * @param {import('./pods.mjs').Pods} pods
   * @param {import('./clock-order.mjs').ClockOrder} clocks
   */
  constructor(pods, clocks) {
    this.pods = pods;
    this.clocks = clocks;
    this.at = -Infinity;
    for (const { number, lastAt } of pods.list) {
      const at = lastAt - clocks.mostAhead(number);
      if (at > this.at) this.at = at;
    }
  }

  /**
   * @param {number} since
   * @param {number | undefined} pod by whose clock; undefined: nobody knows
   * @returns {number} milliseconds from then to the end
   */
  waitedMs(since, pod) {
    const own = pod === undefined ? undefined : this.pods.list[pod]?.lastAt;
    return Math.max(this.at, own ?? -Infinity) - since;
  }

  /**
   * Whether the owner of a claim fell silent after it without a goodbye: killed, or its log ends too early.
   * @param {{ pod: number, life: number }} win
   */
  fellSilent({ pod, life }) {
    const owner = this.pods.list[pod];
    if (!owner) return true;
    if (owner.life > life) return true;
    const lastAt = owner.lastAt - this.clocks.mostAhead(pod) + this.clocks.mostBehind(pod);
    return !owner.stopped && lastAt + SILENCE_MS < this.at;
  }
}
