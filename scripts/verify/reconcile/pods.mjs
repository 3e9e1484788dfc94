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
/** Of one pod, so many are known again. */
const MOST_STARTS = 1_000;

/** All pods, in the order in which they were heard of. */
export class Pods {
  /** @type {Map<string, Pod>} */
  #byName = new Map();
  /** @type {Pod[]} */
  list = [];
  /** When each started, by its number. @type {Map<number, Set<number>>} */
  #starts = new Map();

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
   * A pod says that it has started. The line delivered twice is one start.
   * @param {Pod} pod
   * @param {number} at
   */
  started(pod, at) {
    let starts = this.#starts.get(pod.number);
    if (!starts) {
      starts = new Set();
      this.#starts.set(pod.number, starts);
    }
    if (starts.has(at)) return;
    if (!Number.isNaN(at) && starts.size < MOST_STARTS) starts.add(at);
    pod.life += 1;
    pod.stopped = false;
  }
}

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
