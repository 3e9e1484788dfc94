// @ts-check

/**
 * Everything a run of the benchmark found out, as it is written to JSON.
 * @typedef {{
 *   format: 'onlyonce-bench/1', beganAt: string, seconds: number, machine: import('../machine.mjs').Machine,
 *   settings: import('../settings.mjs').BenchSettings, trials: AnyTrial[], memory: import('../parts/remembered.mjs').Memory[],
 *   posts: import('../parts/post.mjs').PostRun[], recoveries: import('../parts/recovery.mjs').Recovery[],
 *   failures: string[],
 * }} Results failures: what could not be measured, and why
 */

/** @typedef {import('../parts/trial.mjs').Trial & { remembered?: number }} AnyTrial */
/** @typedef {import('../peers/names.mjs').PeerName} PeerName */
/** @typedef {{ part: string, peer?: PeerName, replicas?: number, remembered?: number }} Which */

/**
 * @param {Pick<Results, 'trials'>} results
 * @param {Which} which
 */
export const trialsOf = ({ trials }, which) =>
  trials.filter(
    (one) =>
      one.part === which.part &&
      (which.peer === undefined || one.peer === which.peer) &&
      (which.replicas === undefined || one.replicas === which.replicas) &&
      (which.remembered === undefined || one.remembered === which.remembered),
  );

/**
 * A figure of each round.
 * @param {readonly AnyTrial[]} trials
 * @param {(trial: AnyTrial) => number} figure
 * @returns {Map<number, number>}
 */
export const byRound = (trials, figure) => new Map(trials.map((one) => [one.round, figure(one)]));

/**
 * Share of messages that took effect more than once, over all rounds.
 * @param {readonly AnyTrial[]} trials
 */
export function duplicatedShare(trials) {
  const sum = (/** @type {'duplicated' | 'expected'} */ field) =>
    trials.reduce((total, { books }) => total + books[field], 0);
  return trials.length === 0 ? Number.NaN : sum('duplicated') / sum('expected');
}
