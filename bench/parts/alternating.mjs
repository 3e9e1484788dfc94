// @ts-check
import { orderOfRound } from '../figures/statistics.mjs';
import { TITLES } from '../peers/names.mjs';
import { trial } from './trial.mjs';

/** @typedef {import('./trial.mjs').Trial} Trial */
/** @typedef {import('./bench.mjs').Bench} Bench */

/**
 * Every peer once per round and number of replicas, in changing order, so that the parts of a pair are neighbours.
 * @param {Bench} bench
 * @param {{ part: string, replicas: readonly number[], shape: import('./trial.mjs').Shape, target: number }} what
 *   target: messages of one run, for the progress bar
 * @returns {Promise<Trial[]>}
 */
export async function alternating(
  { settings, options, progress, attempt },
  { part, replicas, shape, target },
) {
  const trials = [];
  for (let round = 0; round < settings.runs; round += 1) {
    for (const count of replicas) {
      for (const peer of orderOfRound(settings.peers, round)) {
        const label = `${part}, run ${round + 1} of ${settings.runs}: ${TITLES[peer]}, ${count} replicas`;
        const onProgress = (/** @type {number} */ applied) =>
          progress.count(label, Math.min(applied, target), target);
        onProgress(0);
        const what = { part, peer, replicas: count, round, shape };
        const done = await attempt(label, () => trial(what, { options, onProgress }));
        if (done === undefined) continue;
        progress.say(`${label}: ${summary(done)}`);
        trials.push(done);
      }
    }
  }
  return trials;
}

/** @param {Trial} trial */
export function summary({ perSecond, latencyMs, redisCpuUs, books }) {
  const faults = books.duplicated + books.lost + books.foreign > 0;
  return [
    `${perSecond.toLocaleString('en')}/s`,
    `p50 ${latencyMs.p50.toFixed(1)} ms`,
    `p99 ${latencyMs.p99.toFixed(1)} ms`,
    `Redis ${redisCpuUs} us/message`,
    ...(faults ? [`${books.duplicated} duplicated`, `${books.lost} lost`] : []),
  ].join(', ');
}

/** Closed loop: as fast as it goes with a bounded number of messages not applied. @param {Bench} bench */
export function closedPart(bench) {
  const { replicas, messages, window, seconds } = bench.settings;
  const shape = /** @type {const} */ ({ kind: 'closed', messages, window, seconds });
  return alternating(bench, { part: 'closed', replicas, shape, target: messages });
}

/** Open loop: a rate, whatever happens. @param {Bench} bench */
export function openPart(bench) {
  const { rate, seconds } = bench.settings;
  const shape = /** @type {const} */ ({ kind: 'open', rate, seconds });
  return alternating(bench, { part: 'open', replicas: [OPEN_REPLICAS], shape, target: rate * seconds });
}

/** What the issue asks for. */
export const OPEN_REPLICAS = 3;
