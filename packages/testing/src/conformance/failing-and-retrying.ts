import { describe, expect, it } from '@jest/globals';
import { idsOf, one, type StoreDriver } from './store-driver.js';

export function failingAndRetrying(current: () => StoreDriver): void {
  describe('failing', () => {
    it('hands the message out again when its delay is over, not before, and tells how often it failed', async () => {
      const driver = current();
      const claimed = await driver.publishAndClaim('pod', 'a');
      expect(await driver.fail(claimed, { delayMs: 200 })).toEqual({ kind: 'retry', inMs: 200 });
      expect(await driver.recover('other')).toEqual([]);
      await driver.under.passMs(230);
      expect(one(await driver.recover('other'))).toMatchObject({
        failures: 1,
        takeovers: 0,
        envelope: claimed.envelope,
      });
    });

    it('gives the lock back at once', async () => {
      const driver = current();
      const claimed = await driver.publishAndClaim('pod', 'a');
      await driver.fail(claimed, { delayMs: 10_000 });
      expect(await driver.store.stats(driver.ref)).toMatchObject({ depth: 1, processing: 0, retrying: 1 });
    });

    it('counts up to the limit, and then the message is dead', async () => {
      const driver = current();
      let claimed = await driver.publishAndClaim('pod', 'a');
      for (const failures of [1, 2]) {
        expect(await driver.fail(claimed, { maxAttempts: 3, delayMs: 1 })).toMatchObject({ kind: 'retry' });
        await driver.under.passMs(20);
        const again = one(await driver.recover('pod'));
        expect(again.failures).toBe(failures);
        claimed = again;
      }
      expect(await driver.fail(claimed, { maxAttempts: 3, delayMs: 1 })).toEqual({ kind: 'dead' });
      expect(await driver.store.stats(driver.ref)).toMatchObject({
        depth: 0,
        processing: 0,
        retrying: 0,
        dead: 1,
      });
    });

    it('makes a dead letter at once when the failure is permanent', async () => {
      const driver = current();
      const claimed = await driver.publishAndClaim('pod', 'a');
      expect(await driver.fail(claimed, { kind: 'permanent' })).toEqual({ kind: 'dead' });
      expect(await driver.claimKinds('pod', [claimed.envelope])).toEqual(['done']);
    });

    it('sends the events of a death with the death, and not with a failure before it', async () => {
      const driver = current();
      const ref = { channel: driver.unique('results'), group: 'mail' };
      await driver.register(ref);
      const onDead = [{ channel: ref.channel, id: 'a:stock:d1:0', headers: {}, body: '"dead"' }];
      const first = await driver.publishAndClaim('pod', 'a');
      await driver.fail(first, { maxAttempts: 2, delayMs: 1, onDead });
      expect((await driver.store.stats(ref)).depth).toBe(0);
      await driver.under.passMs(20);
      await driver.fail(one(await driver.recover('pod')), { maxAttempts: 2, onDead });
      expect(one(await driver.recover('pod', {}, ref)).envelope).toMatchObject({
        id: 'a:stock:d1:0',
        body: '"dead"',
      });
    });

    it('is not heard from an owner of before', async () => {
      const driver = current();
      const zombie = await driver.publishAndClaim('zombie', 'a');
      const successor = await driver.takeOver('successor');
      expect(await driver.fail(zombie)).toEqual({ kind: 'stale' });
      expect(await driver.commit(successor)).toMatchObject({ kind: 'committed' });
      expect(await driver.fail(zombie, { kind: 'permanent' })).toEqual({ kind: 'stale' });
      expect(await driver.store.stats(driver.ref)).toMatchObject({ retrying: 0, dead: 0 });
    });

    it('is not heard from an owner of before while the message waits for its next attempt', async () => {
      const driver = current();
      const zombie = await driver.publishAndClaim('zombie', 'a');
      const successor = await driver.takeOver('successor');
      await driver.fail(successor, { delayMs: 5 });
      expect(await driver.fail(zombie, { kind: 'permanent' })).toEqual({ kind: 'stale' });
      await driver.under.passMs(30);
      expect(one(await driver.recover('pod'))).toMatchObject({ failures: 1, takeovers: 1 });
    });
  });

  describe('retries that are due', () => {
    it('come before everything else, the longest waiting first', async () => {
      const driver = current();
      const [a, b] = await driver.claim('pod', await driver.publish(['a', 'b']));
      if (!a || !b) throw new Error('two were claimed');
      await driver.fail(a, { delayMs: 40 });
      await driver.fail(b, { delayMs: 10 });
      await driver.publish(['c']);
      await driver.under.passMs(80);
      const { won } = await driver.claimDue('pod', { limit: 2 });
      expect(idsOf(won)).toEqual(['b', 'a']);
      expect(idsOf(await driver.recover('pod'))).toEqual(['c']);
    });

    it('come however young the message is', async () => {
      const driver = current();
      const claimed = await driver.publishAndClaim('pod', 'a');
      await driver.fail(claimed, { delayMs: 1 });
      await driver.under.passMs(20);
      expect(await driver.recover('pod', { olderThanMs: 60_000 })).toHaveLength(1);
    });

    it('can be rung for, as soon as one is due', async () => {
      const driver = current();
      const claimed = await driver.publishAndClaim('pod', 'a');
      expect(await driver.store.ringIfDue(driver.ref)).toBe(false);
      await driver.fail(claimed, { delayMs: 100 });
      expect(await driver.store.ringIfDue(driver.ref)).toBe(false);
      await driver.under.passMs(140);
      expect(await driver.store.ringIfDue(driver.ref)).toBe(true);
    });
  });
}
