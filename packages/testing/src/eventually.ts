import { setTimeout as sleep } from 'node:timers/promises';

const DEFAULT_WITHIN_MS = 5_000;
const DEFAULT_EVERY_MS = 10;

/**
 * Waits until an expectation no longer throws: a condition with a deadline instead of a sleep.
 * @returns what the expectation returned
 * @throws the last error of the expectation when the deadline has passed
 */
export async function eventually<T>(
  expectation: () => T | Promise<T>,
  options: { readonly withinMs?: number; readonly everyMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + (options.withinMs ?? DEFAULT_WITHIN_MS);
  for (;;) {
    try {
      return await expectation();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
      await sleep(options.everyMs ?? DEFAULT_EVERY_MS);
    }
  }
}
