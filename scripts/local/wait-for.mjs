// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again and again until the answer is neither undefined, null nor false.
 * @template T
 * @param {string} what completes "... did not happen within n ms"
 * @param {() => T | Promise<T>} ask
 * @param {{ deadlineMs: number, everyMs?: number }} limits
 * @returns {Promise<NonNullable<Exclude<T, false>>>}
 */
export async function waitFor(what, ask, { deadlineMs, everyMs = 50 }) {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) {
      return /** @type {NonNullable<Exclude<T, false>>} */ (answer);
    }
    if (performance.now() > end) throw new Error(`${what} did not happen within ${deadlineMs} ms`);
    await sleep(everyMs);
  }
}
