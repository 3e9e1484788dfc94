import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { HeldLock, LockProvider } from '@onlyonce/core';

/** A lock provider of the adapter under test; one per test. */
export interface LocksUnderTest {
  readonly provider: LockProvider;
  /** Another pod's provider for the same locks. */
  another(): Promise<LockProvider>;
  /** This machine's monotonic clock, which `validUntilMs` is on; milliseconds. */
  monotonicMs(): number;
  passMs(ms: number): Promise<void>;
  close(): Promise<void>;
}

export interface LockFeatures {
  /** A lock that ran out and that nobody took may be extended: it is taken anew under the same value. */
  readonly extendsExpiredLocks: boolean;
}

const TTL_MS = 400;
const PAST_THE_TTL_MS = TTL_MS + 60;

/** The contract of LockProvider. */
export function describeLockProvider(
  name: string,
  make: () => Promise<LocksUnderTest>,
  features: LockFeatures,
): void {
  describe(`${name} as lock provider`, () => {
    let made: LocksUnderTest | undefined;
    let resource = '';
    const current = (): LocksUnderTest => {
      if (!made) throw new Error('only inside a test');
      return made;
    };
    const acquired = async (provider: LockProvider, ttlMs = TTL_MS): Promise<HeldLock> => {
      const attempt = await provider.acquire(resource, ttlMs);
      if (attempt.kind !== 'acquired') throw new Error(`${resource} is ${attempt.kind}`);
      return attempt.lock;
    };

    beforeEach(async () => {
      made = await make();
      resource = `duty.${Math.random().toString(36).slice(2)}`;
    });
    afterEach(async () => {
      await made?.close();
      made = undefined;
    });

    it('lets one hold a lock and answers busy to the others at once', async () => {
      const { provider, another } = current();
      const lock = await acquired(provider);
      expect(lock.resource).toBe(resource);
      expect(await (await another()).acquire(resource, TTL_MS)).toEqual({ kind: 'busy' });
      expect(await provider.acquire(resource, TTL_MS)).toEqual({ kind: 'busy' });
    });

    it('keeps the locks of different resources apart', async () => {
      const { provider } = current();
      await acquired(provider);
      expect(await provider.acquire(`${resource}.other`, TTL_MS)).toMatchObject({ kind: 'acquired' });
    });

    it('gives the lock to the next one as soon as it is released', async () => {
      const { provider, another } = current();
      await provider.release(await acquired(provider));
      await acquired(await another());
    });

    it('gives the lock to the next one when its time is over', async () => {
      const { provider, another, passMs } = current();
      await acquired(provider);
      await passMs(PAST_THE_TTL_MS);
      await acquired(await another());
    });

    it('tells an end that comes no later than the real one', async () => {
      const { provider, monotonicMs } = current();
      const before = monotonicMs();
      const lock = await acquired(provider);
      expect(lock.validUntilMs).toBeGreaterThan(before);
      expect(lock.validUntilMs).toBeLessThanOrEqual(monotonicMs() + TTL_MS);
    });

    it('holds a lock for as long as it is extended', async () => {
      const { provider, another, passMs } = current();
      let lock = await acquired(provider);
      for (let turn = 0; turn < 3; turn += 1) {
        await passMs(TTL_MS / 2);
        const extended = await provider.extend(lock, TTL_MS);
        if (extended.kind !== 'acquired') throw new Error('the lock was lost');
        expect(extended.lock.validUntilMs).toBeGreaterThan(lock.validUntilMs);
        lock = extended.lock;
      }
      expect(await (await another()).acquire(resource, TTL_MS)).toEqual({ kind: 'busy' });
      await provider.release(lock);
    });

    it('does not extend a lock that somebody else has by now', async () => {
      const { provider, another, passMs } = current();
      const lost = await acquired(provider);
      await passMs(PAST_THE_TTL_MS);
      const other = await another();
      const theirs = await acquired(other);
      expect(await provider.extend(lost, TTL_MS)).toEqual({ kind: 'busy' });
      expect(await other.extend(theirs, TTL_MS)).toMatchObject({ kind: 'acquired' });
    });

    it('does not release a lock that somebody else has by now', async () => {
      const { provider, another, passMs } = current();
      const lost = await acquired(provider);
      await passMs(PAST_THE_TTL_MS);
      const other = await another();
      const theirs = await acquired(other);
      await provider.release(lost);
      expect(await provider.acquire(resource, TTL_MS)).toEqual({ kind: 'busy' });
      await other.release(theirs);
    });

    it('takes a second release for what it is: nothing to do', async () => {
      const { provider } = current();
      const lock = await acquired(provider);
      await provider.release(lock);
      await provider.release(lock);
      expect(await provider.extend(lock, TTL_MS)).toEqual({ kind: 'busy' });
    });

    it(`${features.extendsExpiredLocks ? 'takes a lock anew' : 'answers busy, without throwing,'} when it ran out and nobody took it`, async () => {
      const { provider, passMs } = current();
      const lock = await acquired(provider);
      await passMs(PAST_THE_TTL_MS);
      const { kind } = await provider.extend(lock, TTL_MS);
      expect(kind).toBe(features.extendsExpiredLocks ? 'acquired' : 'busy');
    });

    it('lets at most one of many win', async () => {
      const { provider, another } = current();
      const providers = [provider, await another(), await another()];
      const attempts = await Promise.all(
        providers.flatMap((each) => Array.from({ length: 5 }, () => each.acquire(resource, TTL_MS))),
      );
      expect(attempts.filter(({ kind }) => kind === 'acquired').length).toBeLessThanOrEqual(1);
    });
  });
}
