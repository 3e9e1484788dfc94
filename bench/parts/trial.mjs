// @ts-check
import { Crew, podFigures, soonUs } from '../process/crew.mjs';
import { perMessage } from '../redis/info.mjs';
import { startOwnRedis } from '../redis/own-redis.mjs';
import { Witness } from '../redis/witness.mjs';

/** @typedef {import('../peers/names.mjs').PeerName} PeerName */

/**
 * One measured run. `messages`: sent while measured; `perSecond`: from the first send to the last effect; `unapplied`:
 * given up waiting for; `books`: of everything sent, the warm-up included.
 * @typedef {{
 *   part: string, peer: PeerName, replicas: number, round: number, messages: number, seconds: number, perSecond: number,
 *   unapplied: number, publisherLateMs: number, publisherCpuUs: number, books: import('../figures/ledger.mjs').Books,
 * } & ReturnType<typeof podFigures> & ReturnType<typeof perMessage>} Trial
 */

/** @typedef {{ kind: 'closed', messages: number, window: number, seconds: number } | { kind: 'open', rate: number, seconds: number }} Shape */

/** Before anything is measured: connections are open then, scripts are loaded, and each process has compiled its code. */
const WARM_UP = { messagesPerReplica: 3_000, seconds: 4 };

/**
 * @typedef {{ options: Record<string, number>, onProgress?: (applied: number) => void }} TrialEnvironment
 */

/**
 * One peer on a Redis of its own, from start to closed books.
 * @param {{ part: string, peer: PeerName, replicas: number, round: number, shape: Shape }} what
 * @param {TrialEnvironment} environment
 * @returns {Promise<Trial>}
 */
export async function trial(what, environment) {
  const redis = await startOwnRedis();
  try {
    return await trialOn(redis.url, what, environment, 0);
  } finally {
    await redis.remove();
  }
}

/**
 * The same on a Redis that is there already.
 * @param {string} url
 * @param {{ part: string, peer: PeerName, replicas: number, round: number, shape: Shape }} what
 * @param {TrialEnvironment} environment
 * @param {number} first sequence number; all below it took effect before
 * @returns {Promise<Trial>}
 */
export async function trialOn(url, { part, peer, replicas, round, shape }, { options, onProgress }, first) {
  const witness = await Witness.at(url);
  const crew = new Crew({ peer, url, options, ...(onProgress ? { onProgress } : {}) });
  try {
    if (first === 0) await witness.fillStock();
    await Promise.all([crew.startPods(replicas), crew.startLoad()]);
    const window = shape.kind === 'closed' ? shape.window : 500;
    const wanted = Math.max(2, replicas) * WARM_UP.messagesPerReplica;
    const warmUp = shape.kind === 'closed' ? Math.min(wanted, shape.messages) : wanted;
    const warm = await crew.publish({
      type: 'closed',
      from: first,
      messages: warmUp,
      window,
      seconds: WARM_UP.seconds,
    });
    const from = first + warm.sent;
    const { before, result, after } = await measured(crew, witness, shape, from);
    const reports = await crew.stopPods();
    await crew.stopLoad();
    const messages = result.sent;
    return {
      part,
      peer,
      replicas,
      round,
      messages,
      seconds: round3(result.seconds),
      perSecond: Math.round((messages - result.unapplied) / result.seconds),
      unapplied: result.unapplied,
      publisherLateMs: round3(result.latestSendUs / 1e3),
      publisherCpuUs: Math.round((result.cpuUs / messages) * 10) / 10,
      books: await witness.books(from + messages),
      ...podFigures(reports, messages),
      ...perMessage(before, after, messages),
    };
  } finally {
    await crew.kill();
    witness.close();
  }
}

/**
 * @param {Crew} crew
 * @param {Witness} witness
 * @param {Shape} shape
 * @param {number} from
 */
async function measured(crew, witness, shape, from) {
  if (shape.kind === 'closed') {
    await crew.measure({ kind: 'closed', from });
    const before = await witness.figures();
    const { messages, window, seconds } = shape;
    const result = await crew.publish({ type: 'closed', from, messages, window, seconds });
    await witness.quiet();
    return { before, result, after: await witness.figures() };
  }
  const startUs = soonUs();
  const { rate, seconds } = shape;
  await crew.measure({ kind: 'open', startUs, rate, from });
  const before = await witness.figures();
  const result = await crew.publish({ type: 'open', from, startUs, rate, count: rate * seconds });
  await witness.quiet();
  return { before, result, after: await witness.figures() };
}

/** @param {number} value */
const round3 = (value) => Math.round(value * 1e3) / 1e3;
