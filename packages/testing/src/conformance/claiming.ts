import { describe, expect, it } from '@jest/globals';
import { idsOf, one, PAST_THE_LOCK_MS, type StoreDriver } from './store-driver.js';

export function claiming(current: () => StoreDriver): void {
  describe('claiming by id', () => {
    it('lets one pod win and keeps the others busy', async () => {
      const driver = current();
      const envelopes = await driver.publish(['a', 'b']);
      const claimed = await driver.claim('winner', envelopes);
      expect(await driver.claimKinds('loser', envelopes)).toEqual(['busy', 'busy']);
      expect(claimed.map(({ token }) => token.pod)).toEqual(['winner', 'winner']);
    });

    it('answers for each message of the call by itself', async () => {
      const driver = current();
      const [a, b, c] = await driver.publish(['a', 'b', 'c']);
      if (!a || !b || !c) throw new Error('three were published');
      await driver.claim('other', [b]);
      await driver.commit(one(await driver.claim('other', [c])));
      expect(await driver.claimKinds('pod', [c, a, b])).toEqual(['done', 'won', 'busy']);
    });

    it('wins a message once even if the call names it twice', async () => {
      const driver = current();
      const [a] = await driver.publish(['a']);
      if (!a) throw new Error('one was published');
      expect((await driver.claimKinds('pod', [a, a])).filter((kind) => kind === 'won')).toHaveLength(1);
    });

    it('calls a processed message done', async () => {
      const driver = current();
      const claimed = await driver.publishAndClaim('pod', 'a');
      await driver.commit(claimed);
      expect(await driver.claimKinds('pod', [claimed.envelope])).toEqual(['done']);
    });

    it('leaves a message that waits for its next attempt alone', async () => {
      const driver = current();
      const claimed = await driver.publishAndClaim('pod', 'a');
      await driver.fail(claimed, { delayMs: 1 });
      await driver.under.passMs(20);
      expect(await driver.claimKinds('pod', [claimed.envelope])).toEqual(['busy']);
    });

    it('leaves a message whose owner vanished to recovery, which counts the takeover', async () => {
      const driver = current();
      const claimed = await driver.publishAndClaim('vanishing', 'a');
      await driver.under.passMs(PAST_THE_LOCK_MS);
      expect(await driver.claimKinds('pod', [claimed.envelope])).toEqual(['busy']);
      expect(one(await driver.recover('pod'))).toMatchObject({ takeovers: 1 });
    });

    it('hands out fencing tokens that rise with every claim of a message', async () => {
      const driver = current();
      const first = await driver.publishAndClaim('one', 'a');
      await driver.store.release(driver.ref, [driver.held(first)]);
      const second = one(await driver.recover('two'));
      await driver.fail(second, { delayMs: 1 });
      await driver.under.passMs(20);
      const third = one(await driver.recover('three'));
      const fourth = await driver.takeOver('four');
      const fences = [first, second, third, fourth].map(({ token }) => BigInt(token.fence));
      expect([...fences].sort((a, b) => (a < b ? -1 : 1))).toEqual(fences);
      expect(new Set(fences).size).toBe(4);
    });
  });

  describe('pulling the next n', () => {
    it('hands out the oldest first, with their bodies, and disjoint batches to each caller', async () => {
      const driver = current();
      await driver.publish(['a', 'b', 'c', 'd']);
      const first = await driver.store.pull(driver.ref, { ...driver.request('one'), limit: 3 });
      const second = await driver.store.pull(driver.ref, { ...driver.request('two'), limit: 3 });
      expect(idsOf(first)).toEqual(['a', 'b', 'c']);
      expect(idsOf(second)).toEqual(['d']);
      expect(first[0]).toMatchObject({ envelope: { body: '{"id":"a"}' }, failures: 0, takeovers: 0 });
      expect(await driver.store.pull(driver.ref, { ...driver.request('two'), limit: 3 })).toEqual([]);
    });

    it('wins locks that count for commit like any other', async () => {
      const driver = current();
      await driver.publish(['a']);
      const [won] = await driver.store.pull(driver.ref, { ...driver.request('one'), limit: 1 });
      if (!won) throw new Error('nothing was pulled');
      expect(await driver.claimKinds('two', [won.envelope])).toEqual(['busy']);
      expect(await driver.commit(won)).toMatchObject({ kind: 'committed' });
      expect(await driver.effects()).toEqual({ a: '1' });
    });

    it('passes over what was won by id, so that both ways work in one group', async () => {
      const driver = current();
      const [, b, c] = await driver.publish(['a', 'b', 'c', 'd']);
      if (!b || !c) throw new Error('four were published');
      await driver.claim('race', [b]);
      await driver.commit(one(await driver.claim('race', [c])));
      expect(idsOf(await driver.store.pull(driver.ref, { ...driver.request('pull'), limit: 10 }))).toEqual([
        'a',
        'd',
      ]);
    });

    it('does not hand out twice what its first owner did not settle; recovery does', async () => {
      const driver = current();
      await driver.publish(['a']);
      await driver.store.pull(driver.ref, { ...driver.request('vanishing'), limit: 1 });
      await driver.under.passMs(PAST_THE_LOCK_MS);
      expect(await driver.store.pull(driver.ref, { ...driver.request('pod'), limit: 1 })).toEqual([]);
      expect(one(await driver.recover('pod'))).toMatchObject({ takeovers: 1, previousPod: 'vanishing' });
    });
  });
}
