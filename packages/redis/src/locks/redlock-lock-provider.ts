import {
  checkedName,
  InvalidInputError,
  StoreRefusedError,
  StoreUnavailableError,
  systemClock,
  type Clock,
  type HeldLock,
  type LockAttempt,
  type LockProvider,
} from '@onlyonce/core';
import Redlock, { ExecutionError, Lock, type ExecutionStats } from 'redlock';
import type { RedisClient } from '../connection/redis-client.js';
import { translateError } from '../errors/translate-error.js';
import { lockKey, validUntilMs, wholeTtlMs } from './lock-validity.js';
import { VotingClient } from './voting-client.js';

const DEFAULT_NODE_DEADLINE_MS = 500;

export interface RedlockOptions {
  readonly namespace: string;
  /** How long one node may take, milliseconds; much less than the TTL. */
  readonly nodeDeadlineMs?: number;
  readonly clock?: Clock;
  /** Faults of single nodes, also where the others made up for them. */
  readonly onNodeError?: (error: Error) => void;
}

/**
 * A lock over independent Redis masters that survives the loss of a minority of them. Still only economy: a paused
 * holder meets a second one, and clocks are trusted.
 *
 * The package `redlock` counts the votes. What it gets wrong is kept from it here: it hangs for ever on a tie (so the
 * number of nodes is odd) and on a call that never settles (VotingClient); it throws when a lock that has expired is
 * to be extended, and when a lock to be released is not ours any more; it counts with the wall clock, which steps.
 * Its automatic extension is not used.
 */
export class RedlockLockProvider implements LockProvider {
  private readonly redlock: Redlock;
  private readonly clock: Clock;

  /**
   * @param clients of masters that replicate nothing among each other
   * @throws InvalidInputError when their number is even: that tolerates no more failures than one node less
   */
  constructor(
    clients: readonly RedisClient[],
    private readonly options: RedlockOptions,
  ) {
    checkedName('namespace', options.namespace);
    if (clients.length % 2 === 0)
      throw new InvalidInputError('LOCK_NODES', 'must name an odd number of nodes');
    this.clock = options.clock ?? systemClock;
    const nodeDeadlineMs = options.nodeDeadlineMs ?? DEFAULT_NODE_DEADLINE_MS;
    this.redlock = new Redlock(
      clients.map((client) => new VotingClient(client, nodeDeadlineMs)),
      { retryCount: 0 },
    );
    this.redlock.on('error', (error: Error) => {
      if (!saysLocked(error)) this.tell(error);
    });
  }

  async acquire(resource: string, ttlMs: number): Promise<LockAttempt> {
    const ttl = wholeTtlMs(ttlMs);
    const askedAtMs = this.clock.monotonicMs();
    try {
      const { value } = await this.redlock.acquire([this.key(resource)], ttl);
      const lock = { resource, value, validUntilMs: validUntilMs(askedAtMs, ttl) };
      if (lock.validUntilMs > this.clock.monotonicMs()) return { kind: 'acquired', lock };
      // The nodes took longer than the lock lives: what was taken is worth nothing.
      await this.release(lock);
      throw new StoreUnavailableError(
        `lock: the nodes took longer to answer than the lock lives (${ttl} ms)`,
      );
    } catch (error) {
      return this.busyIfKnown(error, 'acquire');
    }
  }

  async extend(lock: HeldLock, ttlMs: number): Promise<LockAttempt> {
    const ttl = wholeTtlMs(ttlMs);
    const askedAtMs = this.clock.monotonicMs();
    if (lock.validUntilMs <= askedAtMs) return { kind: 'busy' };
    try {
      await this.redlock.extend(this.known(lock), ttl);
      return { kind: 'acquired', lock: { ...lock, validUntilMs: validUntilMs(askedAtMs, ttl) } };
    } catch (error) {
      return this.busyIfKnown(error, 'extend');
    }
  }

  async release(lock: HeldLock): Promise<void> {
    try {
      await this.redlock.release(this.known(lock));
    } catch (error) {
      // "Not ours" from enough nodes is as good as released.
      await this.busyIfKnown(error, 'release');
    }
  }

  private key(resource: string): string {
    return lockKey(this.options.namespace, resource);
  }

  /** The lock as redlock knows it. Its expiry only says "not expired" here: whether it is, was judged by our clock. */
  private known({ resource, value }: HeldLock): Lock {
    return new Lock(this.redlock, [this.key(resource)], value, [], Number.POSITIVE_INFINITY);
  }

  /**
   * No quorum: busy if a quorum of nodes answered at all, for whichever holder.
   * @throws StoreUnavailableError when too few nodes answered to know
   * @throws StoreRefusedError when those that did not vote all refused us
   */
  private async busyIfKnown(error: unknown, what: string): Promise<{ readonly kind: 'busy' }> {
    if (!(error instanceof ExecutionError)) throw translateError(error, `lock: ${what}`);
    const stats = await error.attempts.at(-1);
    if (!stats) throw new StoreUnavailableError(`lock: ${what}: no node was asked`, { cause: error });
    const faults = [...stats.votesAgainst.values()].filter((vote) => !saysLocked(vote));
    if (stats.membershipSize - faults.length >= stats.quorumSize) return { kind: 'busy' };
    throw tooFewAnswered(stats, faults, what);
  }

  /** A listener that throws would hang redlock's vote. */
  private tell(error: Error): void {
    try {
      this.options.onNodeError?.(translateError(error, 'lock node'));
    } catch (thrown) {
      queueMicrotask(() => {
        throw thrown;
      });
    }
  }
}

/** By name: the package may be loaded twice, as module and as script. */
function saysLocked(error: Error): boolean {
  return error.name === 'ResourceLockedError';
}

function tooFewAnswered(stats: ExecutionStats, faults: readonly Error[], what: string): Error {
  const translated = faults.map((fault) => translateError(fault, 'lock node'));
  const texts = [...new Set(translated.map(({ message }) => message))].join('; ');
  const text = `lock: ${what}: ${faults.length} of ${stats.membershipSize} nodes did not vote: ${texts}`;
  const cause = new AggregateError(translated);
  return translated.every((fault) => fault instanceof StoreRefusedError)
    ? new StoreRefusedError(text, { cause })
    : new StoreUnavailableError(text, { cause });
}
