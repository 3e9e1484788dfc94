// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { Crew, podFigures, STEP_MS } from '../process/crew.mjs';
import { OURS, TITLES } from '../peers/names.mjs';
import { perMessage } from '../redis/info.mjs';
import { startOwnRedis } from '../redis/own-redis.mjs';
import { Witness } from '../redis/witness.mjs';
import { trial } from './trial.mjs';

/** @typedef {import('../peers/names.mjs').PeerName} PeerName */

/**
 * @typedef {{
 *   peer: PeerName, replicas: number, backlog: number, fillSeconds: number, secondsToFirst: number,
 *   secondsToLast: number, perSecond: number, closedPerSecond: number[], podMostRssMb: number, redisMemoryMb: number,
 *   books: import('../figures/ledger.mjs').Books, curve: [number, number][],
 * } & ReturnType<typeof perMessage>} Recovery secondsToFirst, secondsToLast: from the start of the pods' processes;
 *   perSecond: from the first effect to the last; closedPerSecond: closed loops before and after; curve: seconds and
 *   messages applied
 */

const REPLICAS = 3;
const POLL_MS = 20;
const CURVE_EVERY_MS = 250;
/** Longer than a lock lives: nothing happens any more. */
const STALL_MS = 30_000;

/**
 * A backlog that came in while all pods were down, with the closed loop of the same part right before and after it.
 * @param {import('./bench.mjs').Bench} bench
 * @returns {Promise<{ recoveries: Recovery[], trials: import('./trial.mjs').Trial[] }>}
 */
export async function recoveryPart(bench) {
  const { settings, options, progress } = bench;
  const recoveries = [];
  const trials = [];
  const shape = /** @type {const} */ ({
    kind: 'closed',
    messages: settings.messages,
    window: settings.window,
    seconds: settings.seconds,
  });
  for (const peer of settings.peers.filter((one) => OURS.includes(one))) {
    const closed = (/** @type {number} */ round) =>
      trial({ part: 'recovery', peer, replicas: REPLICAS, round, shape }, { options });
    const before = await closed(0);
    const recovery = await recover(peer, bench);
    const after = await closed(1);
    trials.push(before, after);
    recoveries.push({ ...recovery, closedPerSecond: [before.perSecond, after.perSecond] });
    progress.say(
      `recovery, ${TITLES[peer]}: ${settings.backlog.toLocaleString('en')} in ${recovery.secondsToLast.toFixed(1)} s, ` +
        `${recovery.perSecond.toLocaleString('en')}/s; closed loop ${before.perSecond}/s and ${after.perSecond}/s`,
    );
  }
  return { recoveries, trials };
}

/**
 * @param {PeerName} peer
 * @param {import('./bench.mjs').Bench} bench
 * @returns {Promise<Recovery>}
 */
async function recover(peer, { settings, options, progress }) {
  const { backlog } = settings;
  const redis = await startOwnRedis();
  const witness = await Witness.at(redis.url);
  const fillProgress = (/** @type {number} */ sent) =>
    progress.count(`recovery, ${TITLES[peer]}: filling the backlog`, Math.min(sent, backlog), backlog);
  const crew = new Crew({ peer, url: redis.url, options, onProgress: fillProgress });
  try {
    await witness.fillStock();
    // The group must be known before it has a backlog; then its only pod goes.
    await crew.startPods(1);
    await crew.stopPods();
    await crew.startLoad();
    const filled = await crew.publish({ type: 'fill', from: 0, messages: backlog });
    await crew.stopLoad();
    const redisMemoryMb = Math.round((await witness.figures()).memoryBytes / 1e6);
    const before = await witness.figures();
    const began = performance.now();
    const started = crew.startPods(REPLICAS, STEP_MS);
    started.catch(() => undefined);
    const seen = await drained(witness, backlog, began, (applied) =>
      progress.count(`recovery, ${TITLES[peer]}: working it off`, applied, backlog),
    );
    await witness.quiet();
    const after = await witness.figures();
    await started;
    const reports = await crew.stopPods();
    return {
      peer,
      replicas: REPLICAS,
      backlog,
      fillSeconds: filled.seconds,
      ...seen,
      closedPerSecond: [],
      podMostRssMb: podFigures(reports, backlog).podMostRssMb,
      redisMemoryMb,
      books: await witness.books(backlog),
      ...perMessage(before, after, backlog),
    };
  } finally {
    await crew.kill();
    witness.close();
    await redis.remove();
  }
}

/**
 * @param {Witness} witness
 * @param {number} backlog
 * @param {number} began
 * @param {(applied: number) => void} tell
 */
async function drained(witness, backlog, began, tell) {
  /** @type {[number, number][]} */
  const curve = [[0, 0]];
  let applied = 0;
  let firstAt = Number.NaN;
  let lastAt = began;
  let drawnAt = began;
  while (applied < backlog) {
    const count = await witness.applied();
    const now = performance.now();
    if (count > applied) {
      if (applied === 0) firstAt = now;
      applied = count;
      lastAt = now;
    } else if (now - lastAt > STALL_MS) break;
    if (now - drawnAt > CURVE_EVERY_MS) {
      drawnAt = now;
      curve.push([seconds(now - began), applied]);
      tell(applied);
    }
    if (applied < backlog) await sleep(POLL_MS);
  }
  curve.push([seconds(lastAt - began), applied]);
  return {
    secondsToFirst: seconds(firstAt - began),
    secondsToLast: seconds(lastAt - began),
    perSecond: Math.round((applied * 1e3) / (lastAt - firstAt)),
    curve,
  };
}

/** @param {number} ms */
const seconds = (ms) => Math.round(ms) / 1e3;
