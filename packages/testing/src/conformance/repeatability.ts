import { describe, expect, it } from '@jest/globals';
import { messageId } from '@onlyonce/core';
import { idsOf, one, PAST_THE_LOCK_MS, type StoreDriver } from './store-driver.js';
import type { StoreFeatures } from './store-under-test.js';

/** An answer that was lost is no answer: whoever asks again with the same arguments must not be told otherwise. */
export function repeatability(current: () => StoreDriver, features: StoreFeatures): void {
  describe('asked again after a lost answer', () => {
    it('claim wins again what it won, under the same token (W4)', async () => {
      const driver = current();
      const envelopes = await driver.publish(['a', 'b']);
      const request = driver.request('pod');
      const lost = await driver.store.claim(driver.ref, request, envelopes);
      expect(await driver.store.claim(driver.ref, request, envelopes)).toEqual(lost);
      expect(lost.map(({ kind }) => kind)).toEqual(['won', 'won']);
    });

    it('claim wins under the next nonce what it did not win before, and nothing else', async () => {
      const driver = current();
      const envelopes = await driver.publish(['a']);
      await driver.claim('pod', envelopes);
      expect(await driver.claimKinds('pod', envelopes)).toEqual(['busy']);
    });

    it('claimDue wins again what it won, retries and takeovers counted once', async () => {
      const driver = current();
      const envelopes = await driver.publish(['retried', 'taken', 'fresh']);
      const [retried] = await driver.claim('vanishing', envelopes.slice(0, 2));
      if (!retried) throw new Error('two were claimed');
      await driver.fail(retried, { delayMs: 1 });
      await driver.under.passMs(PAST_THE_LOCK_MS);
      const request = { ...driver.request('pod'), limit: 10, olderThanMs: 0, suspectSlots: 1 };
      const lost = await driver.store.claimDue(driver.ref, request);
      const again = await driver.store.claimDue(driver.ref, request);
      const told = (won: typeof lost.won) =>
        won.map(({ envelope, token, failures, takeovers, lockTtlMs }) => ({
          envelope,
          token,
          failures,
          takeovers,
          lockTtlMs,
        }));
      const byId = (won: typeof lost.won) =>
        told(won).sort((x, y) => x.envelope.id.localeCompare(y.envelope.id));
      expect(byId(again.won)).toEqual(byId(lost.won));
      expect(byId(lost.won)).toMatchObject([
        { envelope: { id: 'fresh' }, failures: 0, takeovers: 0 },
        { envelope: { id: 'retried' }, failures: 1, takeovers: 0 },
        { envelope: { id: 'taken' }, failures: 0, takeovers: 1 },
      ]);
    });

    it('pull loses nothing', async () => {
      const driver = current();
      await driver.publish(['a', 'b']);
      const request = { ...driver.request('pod'), limit: 2 };
      const lost = await driver.store.pull(driver.ref, request);
      const again = await driver.store.pull(driver.ref, request);
      if (features.repeatablePull) {
        expect(again.map(({ envelope, token }) => [envelope.id, token])).toEqual(
          lost.map(({ envelope, token }) => [envelope.id, token]),
        );
      } else {
        await driver.under.passMs(PAST_THE_LOCK_MS);
        expect(idsOf(await driver.recover('pod'))).toEqual(['a', 'b']);
      }
    });

    it('commit answers with the outcome recorded, and knows its own (W7)', async () => {
      const driver = current();
      const claimed = await driver.publishAndClaim('pod', 'a');
      await driver.commit(claimed);
      expect(await driver.commit(claimed)).toEqual({ kind: 'duplicate', outcome: 'confirmed', own: true });
      expect(await driver.effects()).toEqual({ a: '1' });
    });

    it('fail answers the same and counts once (W9)', async () => {
      const driver = current();
      const claimed = await driver.publishAndClaim('pod', 'a');
      await driver.fail(claimed, { delayMs: 300 });
      const again = await driver.fail(claimed, { delayMs: 300 });
      expect(again.kind).toBe('retry');
      await driver.under.passMs(330);
      expect(one(await driver.recover('pod'))).toMatchObject({ failures: 1 });
    });

    it('fail says dead again, and the events of the death go out once', async () => {
      const driver = current();
      const ref = { channel: driver.unique('results'), group: 'mail' };
      await driver.register(ref);
      const claimed = await driver.publishAndClaim('pod', 'a');
      const onDead = [{ channel: ref.channel, id: 'a:stock:d1:0', headers: {}, body: '1' }];
      await driver.fail(claimed, { kind: 'permanent', onDead });
      expect(await driver.fail(claimed, { kind: 'permanent', onDead })).toEqual({ kind: 'dead' });
      expect((await driver.store.stats(ref)).depth).toBe(1);
      expect((await driver.store.stats(driver.ref)).dead).toBe(1);
    });

    it('fail that comes again after the next attempt began disturbs it no more', async () => {
      const driver = current();
      const claimed = await driver.publishAndClaim('pod', 'a');
      await driver.fail(claimed, { delayMs: 1 });
      await driver.under.passMs(20);
      const next = one(await driver.recover('other'));
      expect(await driver.fail(claimed, { delayMs: 1 })).toEqual({ kind: 'stale' });
      expect(await driver.commit(next)).toMatchObject({ kind: 'committed' });
    });

    it('publish calls it a duplicate, and there is one message (W1)', async () => {
      const driver = current();
      const items = ['a', 'b'].map((id) => driver.item(id));
      await driver.store.publish(driver.ref.channel, items);
      const again = await driver.store.publish(driver.ref.channel, items);
      expect(again).toEqual([{ kind: 'duplicate' }, { kind: 'duplicate' }]);
      expect((await driver.store.stats(driver.ref)).depth).toBe(2);
    });

    it('extend, release and redrive change nothing more', async () => {
      const driver = current();
      const [a, b] = await driver.claim('pod', await driver.publish(['a', 'b']));
      if (!a || !b) throw new Error('two were claimed');
      await driver.store.extend(driver.ref, [driver.held(a)]);
      expect(await driver.store.extend(driver.ref, [driver.held(a)])).toEqual([]);
      await driver.store.release(driver.ref, [driver.held(a)]);
      await driver.store.release(driver.ref, [driver.held(a)]);
      await driver.fail(b, { kind: 'permanent' });
      await driver.store.redrive(driver.ref, [messageId('b')]);
      await driver.store.redrive(driver.ref, [messageId('b')]);
      expect(idsOf(await driver.recover('other')).sort()).toEqual(['a', 'b']);
    });
  });
}
