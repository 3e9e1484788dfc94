import { OnlyonceError, StoreUnavailableError } from '../errors.js';
import type { Clock } from '../ports/clock.js';
import type { Random } from '../ports/random.js';

const FIRST_DELAY_MS = 25;
const MAX_DELAY_MS = 500;

export interface PersistentCallDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** Gives up (with the last error) once aborted. */
  readonly signal: AbortSignal;
}

/**
 * Asks again with the same arguments while the store is away: every call of the store is safe to repeat, and an
 * answer that was lost is no answer. Errors that a repetition cannot cure are thrown at once.
 */
export async function persistently<T>(deps: PersistentCallDeps, call: () => Promise<T>): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await call();
    } catch (error) {
      const curable = error instanceof OnlyonceError ? error.retryable : false;
      if (!curable || isAborted(deps.signal)) throw error;
      const full = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures, 10));
      await pause(deps, full / 2 + (full / 2) * deps.random.next());
      if (isAborted(deps.signal)) throw new StoreUnavailableError('gave up: shutting down', { cause: error });
    }
  }
}

function pause({ clock, signal }: PersistentCallDeps, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(delayMs, done);
    signal.addEventListener('abort', done);
  });
}

/** As a call, since it changes while we wait, which the compiler does not see. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
