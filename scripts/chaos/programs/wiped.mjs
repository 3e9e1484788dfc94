// @ts-check
import { statSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { certify, violationsOf } from '../judge/certificate.mjs';
import { checkInvariants } from '../judge/invariants.mjs';
import { RedisNode } from '../redis/redis-node.mjs';
import { emptyResult } from '../result.mjs';
import { Scene } from '../scene.mjs';
import { MAX_WAIT_MS, SETTLE_MS } from '../times.mjs';
import { writeFileSync } from 'node:fs';

const ROW = 27;
const STOCK = '{shop}:stock';
/** All at once: between the two an effect could slip in and be overwritten. */
const WIPE = `redis.call('FLUSHALL') redis.call('HSET', KEYS[1], unpack(ARGV))`;

/**
 * Everything that Redis knew is gone while messages come in, but the stock, which somebody restores as it was at the last
 * quiet moment. Publishers with an outbox publish again what they know: each message must take effect once in the
 * history that survives, and none may be missing.
 * @type {import('../own-programs.mjs').OwnProgram}
 */
export async function wiped(means) {
  const { plan, settings, directory } = means;
  const began = performance.now();
  const result = emptyResult(plan.name);
  const pods = Math.min(3, settings.pods);
  const scene = new Scene({
    ...means,
    settings: { ...settings, pods },
    surroundings: { lossy: true, losesData: true },
  });
  means.onScene(scene);
  await scene.open();
  const wipes = plan.wanted[ROW] ?? 0;
  let accepted = 0;
  for (let nth = 0; nth < wipes; nth += 1) {
    const stock = cellsOf(await scene.redis.ask('HGETALL', STOCK));
    const from = statSync(join(directory, 'accepted.jsonl')).size;
    await scene.load('mark');
    await scene.load('run');
    await sleep(1_500);
    const kind = nth % 2 === 0 ? 'FLUSHALL' : 'empty volume';
    await scene.withRedis((redis) =>
      scene.faults.during({ row: ROW, kind, losesData: true }, () =>
        kind === 'FLUSHALL' ? flush(redis, stock) : emptyVolume(scene, redis, stock),
      ),
    );
    await sleep(1_000);
    await scene.heal();
    await scene.load('stop');
    const { counts, anomalies } = await scene.load('replay');
    await scene.settled(SETTLE_MS);
    result.lost = counts['lostAndAcceptedAgain'] ?? 0;
    accepted = counts['accepted'] ?? 0;
    result.wrongs.push(...anomalies);
    const { groupPrefix, strangers } = scene;
    const found = await checkInvariants(scene.redis, {
      directory,
      groupPrefix,
      strangers,
      from,
      stock: Object.fromEntries(pairs(stock)),
    });
    result.wrongs.push(...found.wrongs.map((wrong) => `wipe ${nth + 1}: ${wrong}`));
    result.effects += found.effects;
  }
  const end = cellsOf(await scene.redis.ask('HGETALL', STOCK));
  await scene.endPods();
  // By stock alone: records of orders went with the rest.
  writeFileSync(
    join(directory, 'end-stock.json'),
    JSON.stringify(Object.fromEntries(pairs(end).filter(([item]) => item !== 'no-number'))),
  );
  const { certificate, exitCode, text } = await certify(directory, {
    maxWaitMs: MAX_WAIT_MS,
    extra: ['--end-stock', 'end-stock.json'],
  });
  if (certificate === undefined)
    result.wrongs.push(`the verifier ended with ${exitCode}: ${text.slice(-500)}`);
  else result.wrongs.push(...violationsOf(certificate));
  result.wrongs.push(...scene.wrongs, ...scene.pods.crashes);
  const group = certificate?.groups?.[0];
  return {
    ...result,
    done: scene.faults.done,
    skipped: scene.faults.skipped,
    messages: accepted,
    takeovers: group?.takeovers ?? 0,
    refused: group?.refused ?? 0,
    undone: group?.undone ?? 0,
    worstWaitMs: Math.max(0, certificate?.waits?.longestMs ?? 0),
    seconds: Math.round((performance.now() - began) / 1_000),
  };
}

/**
 * @param {RedisNode} redis
 * @param {readonly string[]} stock
 */
async function flush(redis, stock) {
  await redis.ask('EVAL', WIPE, 1, STOCK, ...stock);
}

/**
 * A volume that came back with nothing but the stock on it.
 * @param {Scene} scene
 * @param {RedisNode} redis
 * @param {readonly string[]} stock
 */
async function emptyVolume(scene, redis, stock) {
  await redis.kill();
  rmSync(join(redis.directory, 'appendonlydir'), { recursive: true, force: true });
  // Filled where nobody looks for it: the pods must not come before the stock.
  const elsewhere = await RedisNode.create({ directory: redis.directory, onStart: redis.onStart });
  await elsewhere.start();
  await elsewhere.ask('HSET', STOCK, ...stock);
  await elsewhere.kill('SIGTERM');
  await redis.start();
}

/** @param {unknown} reply @returns {string[]} */
const cellsOf = (reply) => Array.from(/** @type {ArrayLike<string>} */ (reply), String);

/** @param {readonly string[]} cells @returns {[string, number][]} */
function pairs(cells) {
  /** @type {[string, number][]} */
  const found = [];
  for (let at = 0; at + 1 < cells.length; at += 2) found.push([String(cells[at]), Number(cells[at + 1])]);
  return found;
}
