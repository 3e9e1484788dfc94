import { describe, expect, it } from '@jest/globals';
import { idsOf, one, type StoreDriver } from './store-driver.js';

export function groups(current: () => StoreDriver): void {
  const other = () => ({ ...current().ref, group: 'mail' });

  describe('groups', () => {
    it('each take effect once, and do not disturb each other', async () => {
      const driver = current();
      await driver.register(other());
      const envelopes = await driver.publish(['a']);
      const mine = one(await driver.claim('pod', envelopes));
      expect(await driver.claimKinds('pod', envelopes, other())).toEqual(['won']);
      expect(await driver.commit(mine)).toMatchObject({ kind: 'committed' });
      expect(await driver.claimKinds('pod', envelopes)).toEqual(['done']);
      expect(await driver.store.stats(other())).toMatchObject({ depth: 1, processing: 1 });
    });

    it('keep the same message under the same entry id', async () => {
      const driver = current();
      await driver.register(other());
      await driver.publish(['a']);
      const mine = one(await driver.recover('pod'));
      const theirs = one(await driver.recover('pod', {}, other()));
      expect(theirs.envelope.entryId).toBe(mine.envelope.entryId);
    });

    it('fail and die apart', async () => {
      const driver = current();
      await driver.register(other());
      const claimed = await driver.publishAndClaim('pod', 'a');
      await driver.fail(claimed, { kind: 'permanent' });
      const theirs = one(await driver.recover('pod', {}, other()));
      expect(await driver.commit(theirs, {}, other())).toEqual({ kind: 'committed', outcome: 'confirmed' });
    });

    it('do not hear of another channel', async () => {
      const driver = current();
      await driver.publish(['a'], driver.unique('elsewhere'));
      expect(await driver.recover('pod')).toEqual([]);
    });

    it('may have an id of their own meaning in each channel', async () => {
      const driver = current();
      const elsewhere = { channel: driver.unique('elsewhere'), group: 'stock' };
      await driver.register(elsewhere);
      await driver.publish(['a']);
      await driver.publish(['a'], elsewhere.channel);
      expect(idsOf(await driver.recover('pod', {}, elsewhere))).toEqual(['a']);
    });
  });

  describe('registering', () => {
    it('changes nothing when repeated', async () => {
      const driver = current();
      await driver.publish(['a', 'b']);
      const [first] = await driver.recover('pod', { limit: 1, lockTtlMs: 60_000 });
      await driver.register();
      expect(first?.envelope.id).toBe('a');
      expect((await driver.store.stats(driver.ref)).depth).toBe(2);
      expect(await driver.recover('pod')).toEqual([]);
    });

    it('hands the first group what was published before there was any (W12)', async () => {
      const driver = current();
      const ref = { channel: driver.unique('new'), group: 'first' };
      await driver.publish(['a', 'b'], ref.channel);
      await driver.register(ref);
      await driver.register({ ...ref, group: 'second' });
      await driver.publish(['c'], ref.channel);
      expect(idsOf(await driver.recover('pod', {}, ref))).toEqual(['a', 'b', 'c']);
      expect(idsOf(await driver.recover('pod', {}, { ...ref, group: 'second' }))).toEqual(['c']);
    });

    it('starts a group at what comes next, if asked to', async () => {
      const driver = current();
      const ref = { channel: driver.unique('new'), group: 'from-now' };
      await driver.publish(['a'], ref.channel);
      await driver.register(ref, 'now');
      await driver.publish(['b'], ref.channel);
      expect(idsOf(await driver.recover('pod', {}, ref))).toEqual(['b']);
    });
  });
}
