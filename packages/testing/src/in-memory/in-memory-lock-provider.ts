import type { Clock, HeldLock, LockAttempt, LockProvider, Random } from '@onlyonce/core';
import type { CallFaults } from './call-faults.js';
import type { InMemoryDatabase } from './in-memory-database.js';

/** One lock per resource, on the one server. */
export class InMemoryLockProvider implements LockProvider {
  constructor(
    private readonly db: InMemoryDatabase,
    private readonly faults: CallFaults,
    private readonly local: { readonly clock: Clock; readonly random: Random },
  ) {}

  acquire(resource: string, ttlMs: number): Promise<LockAttempt> {
    const value = this.local.random.nonce();
    return this.attempt(resource, value, ttlMs, (holder) => holder === undefined || holder === value);
  }

  extend(lock: HeldLock, ttlMs: number): Promise<LockAttempt> {
    return this.attempt(lock.resource, lock.value, ttlMs, (holder) => holder === lock.value);
  }

  release(lock: HeldLock): Promise<void> {
    return this.faults.around('lock', () => {
      if (this.holder(lock.resource) === lock.value) this.db.locks.delete(lock.resource);
    });
  }

  private attempt(
    resource: string,
    value: string,
    ttlMs: number,
    mayTake: (holder: string | undefined) => boolean,
  ): Promise<LockAttempt> {
    const validUntilMs = this.local.clock.monotonicMs() + ttlMs;
    return this.faults.around('lock', () => {
      if (!mayTake(this.holder(resource))) return { kind: 'busy' };
      this.db.locks.set(resource, { value, untilMs: this.db.nowMs() + ttlMs });
      return { kind: 'acquired', lock: { resource, value, validUntilMs } };
    });
  }

  private holder(resource: string): string | undefined {
    const lock = this.db.locks.get(resource);
    return lock && lock.untilMs > this.db.nowMs() ? lock.value : undefined;
  }
}
