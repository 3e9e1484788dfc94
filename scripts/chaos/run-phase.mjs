// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { SteppedClock } from './clock/stepped-clock.mjs';
import { LOSING_FAULTS } from './faults/losing.mjs';
import { NETWORK_FAULTS } from './faults/network.mjs';
import { POD_FAULTS } from './faults/pods.mjs';
import { REDIS_FAULTS } from './faults/redis.mjs';
import { VERSION_FAULTS } from './faults/versions.mjs';
import { certify, violationsOf } from './judge/certificate.mjs';
import { FenceWatch } from './judge/fence-watch.mjs';
import { MAX_WAIT_MS, SETTLE_MS } from './times.mjs';

/**
 * @typedef {{
 *   phase: string, seconds: number, wrongs: string[], done: Map<number, number>, skipped: Map<number, Map<string, number>>,
 *   messages: number, effects: number, rejected: number, dead: number, takeovers: number, refused: number, retries: number,
 *   worstWaitMs: number, lost: number, undone: number,
 * }} PhaseResult lost: accepted, lost by the store and accepted again; undone: outcomes told twice around a loss
 */

const FAULTS = { ...POD_FAULTS, ...REDIS_FAULTS, ...NETWORK_FAULTS, ...LOSING_FAULTS, ...VERSION_FAULTS };

/**
 * Load, faults at their moments, rest, judgement.
 * @param {import('./scene.mjs').Scene} scene open
 * @returns {Promise<PhaseResult>}
 */
export async function runPhase(scene) {
  const { plan, surroundings, settings } = scene;
  const began = performance.now();
  const fences = surroundings.losesData
    ? undefined
    : new FenceWatch(() => scene.redis.ask('GET', `${scene.groupPrefix}fence`));
  await scene.load('run');
  await inject(scene);
  await enough(scene);
  await scene.heal();
  let report = await scene.load('stop');
  scene.say(`load over: ${report.counts['accepted']} of ${report.counts['sent']} messages accepted`);
  if (surroundings.lossy) {
    report = await scene.load('replay');
    scene.say(
      `all published again: ${report.counts['lostAndAcceptedAgain']} had been lost and are accepted again`,
    );
  }
  if (scene.clock instanceof SteppedClock && scene.farthestMs > 0) await untilFuturesAreDue(scene);
  if (!settings.recipe) await scene.settled(SETTLE_MS);
  else await sleep(2_000);
  fences?.stop();
  await scene.endPods();
  await scene.tidy();
  const { counts, anomalies } = report;
  const wrongs = [...scene.wrongs, ...anomalies, ...scene.pods.crashes, ...(fences?.falls ?? [])];
  if ((counts['unknown'] ?? 0) > 0)
    wrongs.push(`${counts['unknown']} messages whose fate the publisher never learned`);
  if (surroundings.waitReplicas && (counts['lostAndAcceptedAgain'] ?? 0) > 0)
    wrongs.push(`${counts['lostAndAcceptedAgain']} messages lost in spite of WAIT`);
  countMessages(scene, counts);
  const { certificate, exitCode, text } = await certify(scene.directory, {
    redisUrl: scene.redis.url,
    maxWaitMs: MAX_WAIT_MS + Math.max(0, scene.farthestMs > 60_000 ? 0 : scene.farthestMs),
  });
  if (certificate === undefined) wrongs.push(`the verifier ended with ${exitCode}: ${text.slice(-500)}`);
  else wrongs.push(...violationsOf(certificate));
  if (certificate !== undefined && exitCode !== 0 && certificate.violations.total === 0)
    wrongs.push(`the verifier ended with ${exitCode}: ${text.slice(-500)}`);
  const found = await scene.invariants();
  wrongs.push(...found.wrongs);
  const group = certificate?.groups?.[0];
  return {
    phase: plan.name,
    seconds: Math.round((performance.now() - began) / 1_000),
    wrongs,
    done: scene.faults.done,
    skipped: scene.faults.skipped,
    messages: counts['accepted'] ?? 0,
    effects: found.effects,
    rejected: found.rejected,
    dead: found.dead,
    takeovers: group?.takeovers ?? 0,
    refused: group?.refused ?? 0,
    retries: group?.retries ?? 0,
    worstWaitMs: Math.max(0, certificate?.waits?.longestMs ?? 0),
    lost: counts['lostAndAcceptedAgain'] ?? 0,
    undone: group?.undone ?? 0,
  };
}

/** @param {import('./scene.mjs').Scene} scene */
async function inject(scene) {
  const began = performance.now();
  const running = [];
  for (const injection of scene.plan.injections) {
    const waitMs = began + injection.at - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    const fault = FAULTS[injection.kind];
    if (fault === undefined) throw new Error(`nobody knows how to do ${injection.kind}`);
    const work = fault(scene, injection).catch((error) => {
      scene.blame(`${injection.kind} failed: ${error instanceof Error ? error.message : error}`);
    });
    running.push(work);
  }
  await Promise.all(running);
  const restMs = began + scene.plan.seconds * 1_000 - performance.now();
  if (restMs > 0) await sleep(restMs);
}

/** The load goes on until enough was sent. @param {import('./scene.mjs').Scene} scene */
async function enough(scene) {
  const { least } = scene.plan;
  for (;;) {
    const { counts } = await scene.load('count');
    if ((counts['accepted'] ?? 0) >= least) return;
    await sleep(1_000);
  }
}

/**
 * What was put off while the clock was ahead falls due when the clock gets there again: a wait of up to the step is
 * allowed. Instead of waiting that long, the clock is put there.
 * @param {import('./scene.mjs').Scene} scene
 */
async function untilFuturesAreDue(scene) {
  await sleep(3_000);
  if (scene.clock instanceof SteppedClock) scene.clock.set(scene.farthestMs + 5_000);
}

/**
 * Faults that messages carry, and duplicates, are counted by what was sent.
 * @param {import('./scene.mjs').Scene} scene
 * @param {Record<string, number>} counts
 */
function countMessages(scene, counts) {
  const { faults, plan, echo, pods } = scene;
  for (const { row } of plan.specials) faults.count(row);
  const duplicates = (counts['repeats'] ?? 0) + (counts['conflicts'] ?? 0) + (counts['tooOld'] ?? 0);
  if (plan.wanted[9] !== undefined) faults.count(9, duplicates + (echo?.shouted ?? 0));
  if (pods.selfEnded > 0) scene.say(`processes that ended themselves in a handler: ${pods.selfEnded} times`);
}
