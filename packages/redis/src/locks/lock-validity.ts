const DRIFT_FACTOR = 0.01;
const EXPIRY_PRECISION_MS = 2;

/**
 * Until when the holder may trust a lock, on its own monotonic clock: counted from before the call, since the TTL
 * began at some moment after it, and less what the clocks of two machines may run apart.
 */
export function validUntilMs(askedAtMs: number, ttlMs: number): number {
  return askedAtMs + ttlMs - (ttlMs * DRIFT_FACTOR + EXPIRY_PRECISION_MS);
}

/** Redis counts whole milliseconds. */
export function wholeTtlMs(ttlMs: number): number {
  return Math.max(1, Math.round(ttlMs));
}

/**
 * The same name in every provider, so that one can be changed for the other. The tilde cannot begin the name of a
 * channel, so no channel's keys can be meant.
 */
export function lockKey(namespace: string, resource: string): string {
  return `{${namespace}}:~lock:${resource}`;
}
