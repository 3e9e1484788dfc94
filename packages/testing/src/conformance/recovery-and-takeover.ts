import { describe, expect, it } from '@jest/globals';
import { idsOf, LOCK_TTL_MS, one, PAST_THE_LOCK_MS, type StoreDriver } from './store-driver.js';

export function recoveryAndTakeover(current: () => StoreDriver): void {
  describe('recovery', () => {
    it('finds what nobody heard of, with body and headers', async () => {
      const driver = current();
      const [envelope] = await driver.publish(['a']);
      expect(one(await driver.recover('pod'))).toMatchObject({
        envelope,
        failures: 0,
        takeovers: 0,
        lockTtlMs: LOCK_TTL_MS,
      });
    });

    it('leaves entries younger than asked for to the fast path', async () => {
      const driver = current();
      await driver.publish(['old']);
      await driver.under.passMs(300);
      await driver.publish(['young']);
      expect(idsOf(await driver.recover('pod', { olderThanMs: 200 }))).toEqual(['old']);
    });

    it('passes over what is locked, and over what is done', async () => {
      const driver = current();
      const [a, b] = await driver.publish(['a', 'b', 'c']);
      if (!a || !b) throw new Error('three were published');
      await driver.claim('other', [a]);
      await driver.commit(one(await driver.claim('other', [b])));
      expect(idsOf(await driver.recover('pod'))).toEqual(['c']);
    });

    it('is not hidden from the rest by locked messages at the head, however many', async () => {
      const driver = current();
      const ids = Array.from({ length: 600 }, (_, n) => `busy${n}`);
      await driver.claim('other', await driver.publish(ids), { lockTtlMs: 60_000 });
      await driver.publish(['waiting']);
      expect(idsOf(await driver.recover('pod', { limit: 10 }))).toEqual(['waiting']);
    });

    it('pages through the backlog and hands out each message once', async () => {
      const driver = current();
      const ids = Array.from({ length: 50 }, (_, n) => `m${n}`);
      await driver.publish(ids);
      const won = await driver.recover('pod', { limit: 7, lockTtlMs: 60_000 });
      expect(idsOf(won)).toEqual(ids);
    });

    it('never hands out more than asked for', async () => {
      const driver = current();
      await driver.publish(['a', 'b', 'c']);
      const first = await driver.claimDue('pod', { limit: 2 });
      expect(idsOf(first.won)).toEqual(['a', 'b']);
      expect(first.cursor).toBeDefined();
    });

    it('knows which pods of the group are live, and which of them asks', async () => {
      const driver = current();
      expect(await driver.claimDue('one')).toMatchObject({ livePods: 1, podIndex: 0 });
      expect(await driver.claimDue('two')).toMatchObject({ livePods: 2, podIndex: 1 });
      expect(await driver.claimDue('alpha')).toMatchObject({ livePods: 3, podIndex: 0 });
      expect(await driver.claimDue('one')).toMatchObject({ livePods: 3, podIndex: 1 });
      expect(await driver.store.stats(driver.ref)).toMatchObject({ livePods: 3 });
    });
  });

  describe('a takeover', () => {
    it('needs the lock to have run out, and names the owner that vanished', async () => {
      const driver = current();
      await driver.publishAndClaim('vanishing', 'a');
      expect(await driver.recover('pod')).toEqual([]);
      expect(await driver.takeOver('pod')).toMatchObject({
        takeovers: 1,
        failures: 0,
        previousPod: 'vanishing',
      });
    });

    it('leaves the lock TTL as it is while owners merely vanish: a message must not wait for the dead', async () => {
      const driver = current();
      const lockTtlMs = 20;
      await driver.claim('pod', await driver.publish(['a']), { lockTtlMs });
      for (let owners = 0; owners < 6; owners += 1) {
        await driver.under.passMs(lockTtlMs + 15);
        expect(one(await driver.recover('pod', { lockTtlMs })).lockTtlMs).toBe(lockTtlMs);
      }
    });

    it('doubles the lock TTL with each late report, up to 32 times: a slow handler keeps its message in the end (F3)', async () => {
      const driver = current();
      const lockTtlMs = 20;
      const [first] = await driver.claim('pod', await driver.publish(['a']), { lockTtlMs });
      if (!first) throw new Error('one was claimed');
      let slow = first;
      let lastMs = lockTtlMs;
      for (const factor of [1, 2, 4, 8, 16, 32, 32]) {
        await driver.under.passMs(lastMs + 15);
        const won = one(await driver.recover('pod', { lockTtlMs }));
        expect(won.lockTtlMs).toBe(lockTtlMs * factor);
        lastMs = won.lockTtlMs;
        expect(await driver.commit(slow)).toEqual({ kind: 'stale' });
        slow = won;
      }
    });

    it('is counted apart from failures', async () => {
      const driver = current();
      const first = await driver.publishAndClaim('pod', 'a');
      await driver.fail(first, { delayMs: 1 });
      await driver.under.passMs(20);
      one(await driver.recover('vanishing'));
      const taken = await driver.takeOver('pod');
      expect(taken).toMatchObject({ failures: 1, takeovers: 1 });
      await driver.fail(taken, { delayMs: 1 });
      await driver.under.passMs(20);
      expect(one(await driver.recover('pod'))).toMatchObject({ failures: 2, takeovers: 1 });
    });

    it('does not count when the message was given back', async () => {
      const driver = current();
      const claimed = await driver.publishAndClaim('pod', 'a');
      await driver.store.release(driver.ref, [driver.held(claimed)]);
      const again = one(await driver.recover('other'));
      expect(again).toMatchObject({ takeovers: 0, failures: 0 });
      expect(again.previousPod).toBeUndefined();
    });
  });

  describe('a suspect: a message that may be what kills its owners (F4)', () => {
    const lockTtlMs = 20;
    /** Three owners vanish. */
    const killThree = async (ids: readonly string[]): Promise<void> => {
      const driver = current();
      await driver.claim('pod', await driver.publish(ids), { lockTtlMs });
      for (let takeover = 1; takeover <= 2; takeover += 1) {
        await driver.under.passMs(lockTtlMs + 15);
        expect(await driver.recover('pod', { lockTtlMs })).toHaveLength(ids.length);
      }
      await driver.under.passMs(lockTtlMs + 15);
    };

    it('goes only to a pod that has room for one', async () => {
      const driver = current();
      await killThree(['a']);
      expect(await driver.recover('pod', { lockTtlMs, suspectSlots: 0 })).toEqual([]);
      await driver.under.passMs(560);
      expect(one(await driver.recover('pod', { lockTtlMs, suspectSlots: 1 }))).toMatchObject({
        takeovers: 3,
      });
    });

    it('travels alone: of two, the other is pushed back and comes later', async () => {
      const driver = current();
      await killThree(['a', 'b']);
      const first = one((await driver.claimDue('pod', { lockTtlMs: 2_000 })).won);
      await driver.under.passMs(560);
      const second = one((await driver.claimDue('pod', { lockTtlMs: 2_000 })).won);
      expect(idsOf([first, second]).sort()).toEqual(['a', 'b']);
      expect(second.takeovers).toBe(3);
    });

    it('does not keep healthy messages from being handed out', async () => {
      const driver = current();
      await killThree(['a']);
      await driver.publish(['healthy']);
      expect(idsOf(await driver.recover('pod', { suspectSlots: 0 }))).toEqual(['healthy']);
    });
  });

  describe('extending', () => {
    it('keeps a message for as long as its owner asks in time', async () => {
      const driver = current();
      const claimed = await driver.publishAndClaim('pod', 'a');
      for (let turn = 0; turn < 3; turn += 1) {
        await driver.under.passMs(LOCK_TTL_MS / 2);
        expect(await driver.store.extend(driver.ref, [driver.held(claimed)])).toEqual([]);
      }
      expect(await driver.recover('other')).toEqual([]);
      await driver.under.passMs(PAST_THE_LOCK_MS);
      expect(await driver.recover('other')).toHaveLength(1);
    });

    it('tells which locks are lost, and leaves the new owner alone (W10)', async () => {
      const driver = current();
      const [a, b] = await driver.claim('pod', await driver.publish(['a', 'b']));
      if (!a || !b) throw new Error('two were claimed');
      await driver.store.release(driver.ref, [driver.held(a)]);
      const successor = one(await driver.recover('successor'));
      expect(await driver.store.extend(driver.ref, [driver.held(a), driver.held(b)])).toEqual(['a']);
      expect(await driver.commit(successor)).toMatchObject({ kind: 'committed' });
      expect(await driver.store.extend(driver.ref, [driver.held(successor)])).toEqual(['a']);
    });
  });
}
