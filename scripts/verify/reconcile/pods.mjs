// @ts-check

/**
 * What one pod said it did. `life`: starts seen; `stopped`: it said goodbye in its present life.
 * @typedef {{
 *   number: number, name: string, service: string, life: number, stopped: boolean, lastAt: number, lines: number,
 *   wins: number, losses: number, processed: number, rejected: number, dead: number, retries: number, refused: number,
 *   takenFrom: number, accepted: number,
 * }} Pod
 */

const MOST_PODS = 65_535;

/** All pods, in the order in which they were heard of. */
export class Pods {
  /** @type {Map<string, Pod>} */
  #byName = new Map();
  /** @type {Pod[]} */
  list = [];

  /**
   * @param {import('../lines/fact.mjs').Fact} fact
   * @returns {Pod}
   */
  of({ pod: name, service, at }) {
    let pod = this.#byName.get(name);
    if (!pod) {
      // Names without end are no pods of ours: they share the last number.
      if (this.list.length >= MOST_PODS) pod = /** @type {Pod} */ (this.list.at(-1));
      else {
        pod = newPod(this.list.length, name, service);
        this.list.push(pod);
      }
      this.#byName.set(name, pod);
    }
    pod.lines += 1;
    if (!(at <= pod.lastAt)) pod.lastAt = Number.isNaN(at) ? pod.lastAt : at;
    return pod;
  }

  /** @param {string} name */
  named(name) {
    return this.#byName.get(name);
  }

  /**
   * Whether the owner of a claim fell silent after it without a goodbye: killed, or its log ends too early.
   * @param {{ pod: number, life: number }} win
   * @param {number} endAt when the logs end, milliseconds
   */
  fellSilent({ pod, life }, endAt) {
    const owner = this.list[pod];
    if (!owner) return true;
    if (owner.life > life) return true;
    return !owner.stopped && owner.lastAt + SILENCE_MS < endAt;
  }
}

/** Pods scan the backlog and log something more often than this while others work. */
const SILENCE_MS = 2_000;

/**
 * @param {number} number
 * @param {string} name
 * @param {string} service
 * @returns {Pod}
 */
const newPod = (number, name, service) => ({
  number,
  name,
  service,
  life: 0,
  stopped: false,
  lastAt: Number.NaN,
  lines: 0,
  wins: 0,
  losses: 0,
  processed: 0,
  rejected: 0,
  dead: 0,
  retries: 0,
  refused: 0,
  takenFrom: 0,
  accepted: 0,
});
