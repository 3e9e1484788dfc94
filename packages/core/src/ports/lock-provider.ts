/** A lock held: proof of ownership for extending and releasing it. */
export interface HeldLock {
  readonly resource: string;
  /** Random per acquisition; a lock is only ever extended or released by the value that took it. */
  readonly value: string;
  /** When it ends unless extended, on this machine's monotonic clock, drift already taken off. */
  readonly validUntilMs: number;
}

export type LockAttempt = { readonly kind: 'acquired'; readonly lock: HeldLock } | { readonly kind: 'busy' };

/**
 * A lock with a TTL, shared by all pods. It is economy, not safety: a holder that is paused longer than the TTL
 * meets a second holder, and only a fenced commit (or a receiver that checks fencing tokens) tells them apart.
 *
 * Every call is safe to repeat. None of them waits for a busy lock.
 * Errors: StoreUnavailableError when too few nodes answered to know.
 */
export interface LockProvider {
  /** @param ttlMs how long the lock lives unless extended, milliseconds */
  acquire(resource: string, ttlMs: number): Promise<LockAttempt>;
  /** Starts the TTL anew. `busy` when the lock was lost: expired, or taken by somebody else. */
  extend(lock: HeldLock, ttlMs: number): Promise<LockAttempt>;
  /** Gives the lock back if it is still ours; no error when it is not. */
  release(lock: HeldLock): Promise<void>;
}
