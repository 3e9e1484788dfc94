// @ts-check
import { Child } from './child.mjs';
import { monotonicUs } from './monotonic.mjs';
import { mergedLatencies } from './latencies.mjs';

const POD = new URL('./pod.mjs', import.meta.url);
const LOAD = new URL('./load.mjs', import.meta.url);
const READY_MS = 60_000;
export const STEP_MS = 900_000;

/** @typedef {import('./load.mjs').LoadResult} LoadResult */
/** @typedef {import('./pod.mjs').PodReport} PodReport */

/** The processes of one run: the replicas of one peer, and its publisher. */
export class Crew {
  /** @type {Child[]} */
  #pods = [];
  /** @type {Child | undefined} */
  #load;

  /**
   * @param {{ peer: string, url: string, options: Record<string, number>, onProgress?: (applied: number) => void }} settings
   */
  constructor({ peer, url, options, onProgress }) {
    this.peer = peer;
    this.url = url;
    this.options = options;
    this.onProgress = onProgress;
  }

  /**
   * @param {number} replicas
   * @param {number} [deadlineMs] ours are ready when they have read the backlog that they found
   */
  async startPods(replicas, deadlineMs = READY_MS) {
    const { peer, url, options } = this;
    const fresh = Array.from(
      { length: replicas },
      (_, index) => new Child(`pod-${this.#pods.length + index + 1}`, POD),
    );
    this.#pods.push(...fresh);
    await Promise.all(
      fresh.map((pod) => pod.order({ type: 'start', peer, url, pod: pod.name, options }, deadlineMs)),
    );
  }

  async startLoad() {
    this.#load = new Child('publisher', LOAD);
    this.#load.onProgress = ({ applied }) => this.onProgress?.(applied);
    await this.#load.order({ type: 'start', peer: this.peer, url: this.url });
  }

  /** @param {import('./pod.mjs').Yardstick} yardstick */
  async measure(yardstick) {
    await Promise.all(this.#pods.map((pod) => pod.order({ type: 'measure', yardstick })));
  }

  /**
   * @param {Exclude<import('./load.mjs').LoadOrder, { type: 'start' | 'stop' }>} order
   * @returns {Promise<LoadResult>}
   */
  publish(order) {
    if (this.#load === undefined) throw new Error('the publisher was not started');
    return this.#load.order(order, STEP_MS);
  }

  /** Ends the replicas in order, each with its report. @returns {Promise<PodReport[]>} */
  async stopPods() {
    const pods = this.#pods;
    this.#pods = [];
    const reports = await Promise.all(pods.map((pod) => pod.order({ type: 'stop' })));
    await Promise.all(pods.map((pod) => pod.end()));
    return reports;
  }

  async stopLoad() {
    await this.#load?.order({ type: 'stop' });
    await this.#load?.end();
    this.#load = undefined;
  }

  /** Whatever still runs, at once. */
  async kill() {
    await Promise.all([...this.#pods, ...(this.#load ? [this.#load] : [])].map((child) => child.kill()));
    this.#pods = [];
    this.#load = undefined;
  }
}

/** A little ahead, so that pods have heard of it when it comes. */
export const soonUs = () => monotonicUs() + 300_000;

/**
 * @param {readonly PodReport[]} reports
 * @param {number} messages
 */
export function podFigures(reports, messages) {
  const { percentiles, encoded } = mergedLatencies(reports.map(({ latencies }) => latencies));
  const mb = (/** @type {number} */ bytes) => Math.round(bytes / 1e5) / 10;
  return {
    latencyMs: percentiles,
    latencyHistogram: encoded,
    effects: reports.reduce((sum, { effects }) => sum + effects, 0),
    podRssMb: mb(Math.max(...reports.map(({ rssBytes }) => rssBytes))),
    podMostRssMb: mb(Math.max(...reports.map(({ mostRssBytes }) => mostRssBytes))),
    podsCpuUs: Math.round((reports.reduce((sum, { cpuUs }) => sum + cpuUs, 0) / messages) * 10) / 10,
  };
}
