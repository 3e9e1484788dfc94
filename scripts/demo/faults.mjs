// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '../local/wait-for.mjs';

/** A fault strikes only a pod that holds at least this many messages at that moment. */
const LEAST_HELD = 3;

/**
 * @typedef {{
 *   kind: 'killed' | 'paused', pod: string, held: string[], atMs: number, pausedMs?: number,
 * }} Fault atMs: since the first order
 */

/**
 * Kills a pod, without warning, while it holds messages.
 * @param {import('./pod-witness.mjs').PodWitness} witness
 * @param {() => number} elapsedMs
 * @returns {Promise<Fault>}
 */
export async function killWhileHolding(witness, elapsedMs) {
  await strike(witness, 'SIGKILL');
  const atMs = elapsedMs();
  await witness.pod.end('SIGKILL');
  witness.update();
  return { kind: 'killed', pod: witness.pod.name, held: [...witness.holding], atMs };
}

/**
 * Freezes a pod while it holds messages until their locks have run out, then lets it go on as if nothing were.
 * @param {import('./pod-witness.mjs').PodWitness} witness
 * @param {() => number} elapsedMs
 * @param {number} pauseMs longer than the lock's TTL
 * @returns {Promise<Fault>}
 */
export async function pausePastTtl(witness, elapsedMs, pauseMs) {
  await strike(witness, 'SIGSTOP');
  const atMs = elapsedMs();
  // Its last lines may have been on their way.
  await sleep(50);
  witness.update();
  const held = [...witness.holding];
  await sleep(pauseMs);
  witness.pod.signal('SIGCONT');
  return { kind: 'paused', pod: witness.pod.name, held, atMs, pausedMs: elapsedMs() - atMs };
}

/**
 * @param {import('./pod-witness.mjs').PodWitness} witness
 * @param {NodeJS.Signals} signal
 */
async function strike(witness, signal) {
  await waitFor(
    `${witness.pod.name} holding ${LEAST_HELD} messages`,
    () => {
      witness.update();
      if (witness.holding.size < LEAST_HELD) return false;
      witness.pod.signal(signal);
      return true;
    },
    { deadlineMs: 20_000, everyMs: 5 },
  );
}
