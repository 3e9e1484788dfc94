// @ts-check
import { SELF_ENDED } from '../pod/misbehave.mjs';

const RESTART_AFTER_MS = 100;

/**
 * The replicas, with a supervisor that starts again what ends, as a kubelet would. Whoever takes a pod down says so
 * before: an end that nobody announced is noted.
 */
export class PodSet {
  /** @type {import('./chaos-process.mjs').ChaosProcess[]} */
  pods = [];
  /** Ends that nothing explains: a crash of the product. @type {string[]} */
  crashes = [];
  /** Ends of row 6, by the process itself. */
  selfEnded = 0;
  /** @type {Set<string>} */
  #down = new Set();
  /** @type {Set<string>} */
  #expected = new Set();
  #closing = false;

  /** @param {import('./chaos-process.mjs').ChaosProcess} pod */
  add(pod) {
    this.pods.push(pod);
    pod.onExit = (_, how) => this.#ended(pod, how);
    pod.start();
  }

  /**
   * @param {import('./chaos-process.mjs').ChaosProcess} pod
   * @param {{ code: number | null, signal: string | null }} how
   */
  #ended(pod, { code, signal }) {
    if (this.#closing || this.#down.has(pod.name)) return;
    if (code === SELF_ENDED) this.selfEnded += 1;
    else if (!this.#expected.delete(pod.name))
      this.crashes.push(`${pod.name} ended by itself with ${code ?? signal}: ${pod.lastLines().slice(-600)}`);
    setTimeout(() => {
      if (!this.#closing && !this.#down.has(pod.name) && !pod.running) pod.start();
    }, RESTART_AFTER_MS);
  }

  /** Its next end is the campaign's doing. @param {import('./chaos-process.mjs').ChaosProcess} pod */
  expectEnd(pod) {
    this.#expected.add(pod.name);
  }

  /** @param {import('./chaos-process.mjs').ChaosProcess} pod */
  endExpected(pod) {
    return this.#expected.delete(pod.name);
  }

  /**
   * @param {import('./chaos-process.mjs').ChaosProcess} pod
   * @param {'SIGTERM' | 'SIGKILL'} signal
   */
  async takeDown(pod, signal) {
    this.#down.add(pod.name);
    return pod.end(signal);
  }

  /** @param {import('./chaos-process.mjs').ChaosProcess} pod */
  bringUp(pod) {
    this.#down.delete(pod.name);
    if (!pod.running) pod.start();
  }

  async allReady(deadlineMs = 180_000) {
    for (const pod of this.pods) {
      pod.signal('SIGCONT');
      this.bringUp(pod);
    }
    await Promise.all(this.pods.map((pod) => pod.untilReady(deadlineMs)));
  }

  /** Ends all as a deployment would. @returns {Promise<string[]>} what was wrong with the ends */
  async close() {
    this.#closing = true;
    const ends = await Promise.all(this.pods.map((pod) => pod.end('SIGTERM', 25_000)));
    return ends.flatMap(({ code, signal }, index) =>
      code === 0 || (code === null && signal === null)
        ? []
        : [`${this.pods[index]?.name} ended with ${code ?? signal} on SIGTERM`],
    );
  }

  killNow() {
    this.#closing = true;
    for (const pod of this.pods) pod.killNow();
  }
}
