import {
  checkedName,
  systemClock,
  systemRandom,
  type Clock,
  type HeldLock,
  type LockAttempt,
  type LockProvider,
  type Random,
} from '@onlyonce/core';
import { withDeadline } from '../call-deadline.js';
import type { RedisClient } from '../connection/redis-client.js';
import { translateError } from '../errors/translate-error.js';
import { lockKey, validUntilMs, wholeTtlMs } from './lock-validity.js';

const DEFAULT_DEADLINE_MS = 2_000;

// Sent as source, not by digest: these run a few times per second at most, and an unknown digest cannot happen.
const EXTEND = `
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0`;
const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0`;

export interface RedisLockOptions {
  readonly namespace: string;
  /** How long a call may take, milliseconds. */
  readonly deadlineMs?: number;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** The default lock: one key with a TTL in the store itself (or the slot of its namespace). */
export class RedisLockProvider implements LockProvider {
  private readonly clock: Clock;
  private readonly random: Random;
  private readonly deadlineMs: number;

  constructor(
    private readonly client: RedisClient,
    private readonly options: RedisLockOptions,
  ) {
    checkedName('namespace', options.namespace);
    this.clock = options.clock ?? systemClock;
    this.random = options.random ?? systemRandom;
    this.deadlineMs = options.deadlineMs ?? DEFAULT_DEADLINE_MS;
  }

  async acquire(resource: string, ttlMs: number): Promise<LockAttempt> {
    const ttl = wholeTtlMs(ttlMs);
    const askedAtMs = this.clock.monotonicMs();
    const lock = { resource, value: this.random.nonce(), validUntilMs: validUntilMs(askedAtMs, ttl) };
    try {
      const reply = await this.bounded(
        'SET NX',
        this.client.set(this.key(lock), lock.value, 'PX', ttl, 'NX'),
      );
      return reply === 'OK' ? { kind: 'acquired', lock } : { kind: 'busy' };
    } catch (error) {
      // Whether it was taken is unknown, and nobody will ever use this value: without this it might block its TTL.
      this.release(lock).catch(() => undefined);
      throw error;
    }
  }

  async extend(lock: HeldLock, ttlMs: number): Promise<LockAttempt> {
    const ttl = wholeTtlMs(ttlMs);
    const askedAtMs = this.clock.monotonicMs();
    const extended = await this.bounded(
      'extend',
      this.client.eval(EXTEND, 1, this.key(lock), lock.value, ttl),
    );
    if (extended !== 1) return { kind: 'busy' };
    return { kind: 'acquired', lock: { ...lock, validUntilMs: validUntilMs(askedAtMs, ttl) } };
  }

  async release(lock: HeldLock): Promise<void> {
    await this.bounded('release', this.client.eval(RELEASE, 1, this.key(lock), lock.value));
  }

  private key({ resource }: Pick<HeldLock, 'resource'>): string {
    return lockKey(this.options.namespace, resource);
  }

  private async bounded<T>(what: string, call: Promise<T>): Promise<T> {
    try {
      return await withDeadline(call, this.deadlineMs, `lock: ${what}`);
    } catch (error) {
      throw translateError(error, `lock: ${what}`);
    }
  }
}
