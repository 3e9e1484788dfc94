/** Cancels what it was returned for; calling it late or twice does nothing. */
export type Cancel = () => void;

/**
 * Local time. It never judges a lock (the store's clock does); it may only stop us sooner.
 * Passed in so that tests can turn it by hand.
 */
export interface Clock {
  /** Milliseconds of a clock that never steps; only differences mean anything. */
  monotonicMs(): number;
  /** Milliseconds since 1970; for logs and ids, never for a decision about a lock. */
  wallMs(): number;
  /** Runs `task` once, `delayMs` from now. A waiting timer does not keep the process alive. */
  after(delayMs: number, task: () => void): Cancel;
}

export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
