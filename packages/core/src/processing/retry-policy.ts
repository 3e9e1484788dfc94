export interface RetryPolicy {
  /** Delay before the second attempt, milliseconds; doubles with each failure. */
  readonly baseDelayMs: number;
  /** No delay is longer, milliseconds. */
  readonly maxDelayMs: number;
  /** Failures reported by the handler after which the message is a dead letter. */
  readonly maxAttempts: number;
}

export const defaultRetryPolicy: RetryPolicy = { baseDelayMs: 200, maxDelayMs: 30_000, maxAttempts: 6 };

/**
 * Exponential backoff, half of it jitter, so that messages that failed together do not return together.
 * @param failures how often the message failed before this failure
 * @param random uniform in [0, 1)
 * @returns milliseconds
 */
export function retryDelayMs(policy: RetryPolicy, failures: number, random: number): number {
  const full = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** Math.min(failures, 30));
  return Math.round(full / 2 + (full / 2) * random);
}
