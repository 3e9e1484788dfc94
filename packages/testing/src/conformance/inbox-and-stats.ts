import { describe, expect, it } from '@jest/globals';
import type { InboxRow, InboxState } from '@onlyonce/core';
import { one, type StoreDriver } from './store-driver.js';

export function inboxAndStats(current: () => StoreDriver): void {
  const rows = async (state: InboxState, limit = 50): Promise<InboxRow[]> => {
    const driver = current();
    const found: InboxRow[] = [];
    let cursor: string | undefined;
    do {
      const page = await driver.store.inspect(driver.ref, state, cursor, limit);
      found.push(...page.rows);
      cursor = page.cursor;
    } while (cursor !== undefined);
    return found;
  };

  /** One message in each state. */
  const oneOfEach = async (): Promise<void> => {
    const driver = current();
    await driver.publish(['pending']);
    const options = { lockTtlMs: 60_000 };
    await driver.claim('owner', await driver.publish(['processing']), options);
    const [processed, rejected, retrying, dead] = await driver.claim(
      'owner',
      await driver.publish(['processed', 'rejected', 'retrying', 'dead']),
      options,
    );
    if (!processed || !rejected || !retrying || !dead) throw new Error('four were claimed');
    await driver.commit(processed);
    await driver.commit(rejected, { outcome: 'rejected', reason: 'closed' });
    await driver.fail(retrying, { delayMs: 60_000, error: 'no answer' });
    await driver.fail(dead, { kind: 'permanent', error: 'hopeless' });
  };

  describe('the inbox', () => {
    it('shows each message in its state', async () => {
      await oneOfEach();
      const shown: Record<string, string[]> = {};
      for (const state of ['pending', 'processing', 'processed', 'retrying', 'dead'] as const) {
        const found = await rows(state);
        expect(new Set(found.map((row) => row.state))).toEqual(new Set([state]));
        shown[state] = found.map(({ messageId }) => messageId).sort();
      }
      expect(shown).toEqual({
        pending: ['pending'],
        processing: ['processing'],
        processed: ['processed', 'rejected'],
        retrying: ['retrying'],
        dead: ['dead'],
      });
    });

    it('tells who works on a message, and since when', async () => {
      const driver = current();
      await oneOfEach();
      const row = one(await rows('processing'));
      expect(row).toMatchObject({ owner: 'owner', attempt: 1, takeovers: 0 });
      expect(Math.abs((row.since ?? 0) - driver.under.nowMs())).toBeLessThan(5_000);
      expect(Math.abs((row.publishedAt ?? 0) - driver.under.nowMs())).toBeLessThan(5_000);
    });

    it('tells the outcome of what was processed', async () => {
      await oneOfEach();
      const outcomes = (await rows('processed')).map(({ messageId, outcome }) => [messageId, outcome]);
      expect(Object.fromEntries(outcomes)).toEqual({ processed: 'confirmed', rejected: 'rejected' });
    });

    it('tells why a message waits for its next attempt, and until when', async () => {
      const driver = current();
      await oneOfEach();
      const row = one(await rows('retrying'));
      expect(row).toMatchObject({ attempt: 1, error: 'no answer' });
      expect(Math.abs((row.dueAt ?? 0) - driver.under.nowMs() - 60_000)).toBeLessThan(5_000);
    });

    it('tells why a message is dead', async () => {
      await oneOfEach();
      expect(one(await rows('dead'))).toMatchObject({ outcome: 'dead', attempt: 1, error: 'hopeless' });
    });

    it('pages through everything, however small the pages', async () => {
      const ids = Array.from({ length: 23 }, (_, n) => `m${n}`);
      await current().publish(ids);
      expect((await rows('pending', 5)).map(({ messageId }) => messageId).sort()).toEqual([...ids].sort());
    });

    it('does not show a message twice when its owner has vanished', async () => {
      const driver = current();
      await driver.claim('vanishing', await driver.publish(['a']), { lockTtlMs: 20 });
      await driver.under.passMs(40);
      const everywhere = [...(await rows('pending')), ...(await rows('processing'))];
      expect(everywhere.map(({ messageId }) => messageId)).toEqual(['a']);
    });
  });

  describe('stats', () => {
    it('count each state, and tell the age of what waits longest', async () => {
      const driver = current();
      expect(await driver.store.stats(driver.ref)).toMatchObject({ depth: 0, oldestAgeMs: 0 });
      await oneOfEach();
      await driver.under.passMs(120);
      const stats = await driver.store.stats(driver.ref);
      expect(stats).toMatchObject({ depth: 3, processing: 1, retrying: 1, dead: 1 });
      expect(stats.oldestAgeMs).toBeGreaterThanOrEqual(100);
      expect(stats.oldestAgeMs).toBeLessThan(10_000);
    });
  });
}
