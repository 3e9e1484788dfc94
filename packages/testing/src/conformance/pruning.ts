import { describe, expect, it } from '@jest/globals';
import type { StoreDriver } from './store-driver.js';
import type { StoreFeatures } from './store-under-test.js';
import { uuidV7 } from './uuid-v7.js';

const HOUR_MS = 3_600_000;

export function pruning(current: () => StoreDriver, features: StoreFeatures): void {
  const pruneAll = async (): Promise<number> => {
    const driver = current();
    let removed = 0;
    for (let calls = 0; calls < 10_000; calls += 1) {
      const result = await driver.store.prune(driver.ref.channel);
      removed += result.removed;
      if (result.finished) return removed;
    }
    throw new Error('pruning does not come to an end');
  };

  describe('pruning', () => {
    it('forgets nothing of which a copy may still come', async () => {
      const driver = current();
      const id = uuidV7(driver.under.nowMs() - features.horizonMs + HOUR_MS / 2);
      const claimed = await driver.publishAndClaim('pod', id);
      await driver.commit(claimed);
      await pruneAll();
      expect(await driver.publishItem(driver.item(id))).toEqual({ kind: 'duplicate' });
      expect(await driver.claimKinds('pod', [claimed.envelope])).toEqual(['done']);
    });

    it('comes to an end on a channel that was never used', async () => {
      expect(await current().store.prune(current().unique('unused'))).toEqual({ removed: 0, finished: true });
    });
  });

  if (!features.freeTime) return;

  describe('pruning after a long time', () => {
    const longMs = features.horizonMs + 3 * HOUR_MS;

    it('forgets ids that publish refuses by then: a late copy is refused, never applied (W14)', async () => {
      const driver = current();
      const id = uuidV7(driver.under.nowMs());
      await driver.commit(await driver.publishAndClaim('pod', id));
      await driver.under.passMs(longMs);
      expect(await pruneAll()).toBeGreaterThan(0);
      expect(await driver.publishItem(driver.item(id))).toEqual({ kind: 'too-old' });
    });

    it('keeps ids as long as the backlog holds something as old, however long the outage', async () => {
      const driver = current();
      const processed = uuidV7(driver.under.nowMs());
      await driver.publish(['stuck']);
      const claimed = await driver.publishAndClaim('pod', processed);
      await driver.commit(claimed);
      await driver.under.passMs(longMs);
      await pruneAll();
      expect(await driver.claimKinds('pod', [claimed.envelope])).toEqual(['done']);
    });
  });
}
