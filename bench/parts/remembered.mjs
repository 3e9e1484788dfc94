// @ts-check
import { orderOfRound } from '../figures/statistics.mjs';
import { OURS } from '../peers/names.mjs';
import { startOwnRedis } from '../redis/own-redis.mjs';
import { Witness } from '../redis/witness.mjs';
import { summary } from './alternating.mjs';
import { DONE_PREFIX, fillRemembered, IDS_PREFIX } from './remembered-ids.mjs';
import { trialOn } from './trial.mjs';

/** @typedef {import('./trial.mjs').Trial} Trial */

/** @typedef {{ remembered: number, idsBytes: number, doneBytes: number, redisMemoryMb: number }} Memory */

const REPLICAS = 3;

/**
 * Speed and memory against the number of ids remembered: one Redis for each number, filled once, and all of them
 * measured in turn.
 * @param {import('./bench.mjs').Bench} bench
 * @returns {Promise<{ memory: Memory[], trials: (Trial & { remembered: number })[] }>}
 */
export async function rememberedPart({ settings, options, progress }) {
  const peer = settings.peers.find((one) => OURS.includes(one));
  if (peer === undefined) return { memory: [], trials: [] };
  const shape = /** @type {const} */ ({
    kind: 'closed',
    messages: settings.messages,
    window: settings.window,
    seconds: settings.seconds,
  });
  /** @type {{ count: number, redis: import('../redis/own-redis.mjs').OwnRedis, witness: Witness, sent: number }[]} */
  const stores = [];
  try {
    const memory = [];
    for (const count of settings.remembered) {
      const redis = await startOwnRedis();
      const witness = await Witness.at(redis.url);
      stores.push({ count, redis, witness, sent: 0 });
      const label = `remembered: filling in ${count.toLocaleString('en')} ids`;
      const bytes = await fillRemembered({
        url: redis.url,
        redis: witness.redis,
        count,
        onProgress: (done) => progress.count(label, done, 2 * count),
      });
      const redisMemoryMb = Math.round((await witness.figures()).memoryBytes / 1e6);
      memory.push({ remembered: count, ...bytes, redisMemoryMb });
      progress.say(
        `${label}: ${bytes.idsBytes.toFixed(1)} bytes per id published, ${bytes.doneBytes.toFixed(1)} per id processed`,
      );
    }
    const trials = [];
    for (let round = 0; round < settings.runs; round += 1) {
      for (const store of orderOfRound(stores, round)) {
        const label = `remembered, run ${round + 1} of ${settings.runs}: ${store.count.toLocaleString('en')} ids`;
        const onProgress = (/** @type {number} */ applied) =>
          progress.count(
            label,
            Math.max(0, Math.min(settings.messages, applied - store.sent)),
            settings.messages,
          );
        onProgress(0);
        const known = await bucketsOf(store.witness);
        const what = { part: 'remembered', peer, replicas: REPLICAS, round, shape };
        const done = await trialOn(store.redis.url, what, { options, onProgress }, store.sent);
        store.sent = done.books.expected;
        await forgetNew(store.witness, known);
        progress.say(`${label}: ${summary(done)}`);
        trials.push({ ...done, remembered: store.count });
      }
    }
    return { memory, trials };
  } finally {
    for (const { witness, redis } of stores) {
      witness.close();
      await redis.remove();
    }
  }
}

/** The newest bucket on each side, as far as there was one. @param {Witness} witness */
async function bucketsOf({ redis }) {
  return new Set([...(await scanned(redis, `${IDS_PREFIX}*`)), ...(await scanned(redis, `${DONE_PREFIX}*`))]);
}

/**
 * Forgets what a run left behind: in the next round as many ids are remembered as in this one.
 * @param {Witness} witness
 * @param {Set<string>} known
 */
async function forgetNew(witness, known) {
  const fresh = [...(await bucketsOf(witness))].filter((bucket) => !known.has(bucket));
  for (let from = 0; from < fresh.length; from += 500)
    await witness.redis.unlink(...fresh.slice(from, from + 500));
}

/**
 * @param {import('ioredis').Redis} redis
 * @param {string} pattern
 */
async function scanned(redis, pattern) {
  const found = [];
  let cursor = '0';
  do {
    const [next, page] = await redis.scan(cursor, 'MATCH', pattern.replace('{', '\\{'), 'COUNT', 5_000);
    found.push(...page);
    cursor = next;
  } while (cursor !== '0');
  return found;
}
