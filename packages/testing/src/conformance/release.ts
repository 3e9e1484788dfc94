import { describe, expect, it } from '@jest/globals';
import { idsOf, one, type StoreDriver } from './store-driver.js';

export function release(current: () => StoreDriver): void {
  describe('releasing', () => {
    it('gives messages back at once, and nothing is counted', async () => {
      const driver = current();
      const claimed = await driver.claim('leaving', await driver.publish(['a', 'b']));
      await driver.store.release(
        driver.ref,
        claimed.map((item) => driver.held(item)),
      );
      expect(await driver.store.stats(driver.ref)).toMatchObject({ depth: 2, processing: 0, retrying: 0 });
      const won = await driver.recover('pod');
      expect(idsOf(won)).toEqual(['a', 'b']);
      expect(won.map(({ failures, takeovers }) => failures + takeovers)).toEqual([0, 0]);
    });

    it('is without effect for whoever does not hold the lock any more', async () => {
      const driver = current();
      const zombie = await driver.publishAndClaim('zombie', 'a');
      const successor = await driver.takeOver('successor');
      await driver.store.release(driver.ref, [driver.held(zombie)]);
      expect(await driver.recover('pod')).toEqual([]);
      expect(await driver.commit(successor)).toMatchObject({ kind: 'committed' });
      await driver.store.release(driver.ref, [driver.held(successor)]);
      expect(await driver.recover('pod')).toEqual([]);
    });

    it('keeps what the message went through before', async () => {
      const driver = current();
      const claimed = await driver.publishAndClaim('pod', 'a');
      await driver.fail(claimed, { delayMs: 1 });
      await driver.under.passMs(20);
      const again = one(await driver.recover('leaving'));
      await driver.store.release(driver.ref, [driver.held(again)]);
      // A late copy of the envelope knows nothing of that: claiming by id is for fresh messages.
      expect(await driver.claimKinds('late', [again.envelope])).toEqual(['busy']);
      expect(one(await driver.recover('pod'))).toMatchObject({ failures: 1, takeovers: 0 });
    });

    it('does not turn the late result of the owner that gave it back into a second effect', async () => {
      const driver = current();
      const leaving = await driver.publishAndClaim('leaving', 'a');
      await driver.store.release(driver.ref, [driver.held(leaving)]);
      const successor = one(await driver.recover('successor'));
      expect(await driver.commit(leaving)).toEqual({ kind: 'stale' });
      await driver.commit(successor);
      expect(await driver.effects()).toEqual({ a: '1' });
    });
  });
}
