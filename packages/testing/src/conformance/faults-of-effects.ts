import { describe, expect, it } from '@jest/globals';
import type { Effect } from '@onlyonce/core';
import { one, type StoreDriver } from './store-driver.js';

/** Finding F2: a step that fails half way is not rolled back, so everything is checked before the first write. */
export function faultsOfEffects(current: () => StoreDriver): void {
  const faults: { readonly why: string; readonly effect: (key: string) => Effect }[] = [
    {
      why: 'adding to a field that is no integer',
      effect: (key) => ({ kind: 'add', key, field: 'text', amount: 1 }),
    },
    {
      why: 'adding to a field that is no whole number',
      effect: (key) => ({ kind: 'add', key, field: 'half', amount: 1 }),
    },
    {
      why: 'adding beyond the largest safe integer',
      effect: (key) => ({ kind: 'add', key, field: 'full', amount: 1 }),
    },
    {
      why: 'taking from a field that is no integer',
      effect: (key) => ({ kind: 'take', key, field: 'text', amount: 1, ifMissing: '', ifShort: '' }),
    },
    { why: 'a set where there is a hash', effect: (key) => ({ kind: 'addMember', key, member: 'x' }) },
    {
      why: 'a ranking where there is a hash',
      effect: (key) => ({ kind: 'rank', key, member: 'x', score: 1 }),
    },
    { why: 'a list where there is a hash', effect: (key) => ({ kind: 'push', key, value: 'x' }) },
  ];
  const content = { text: 'many', half: '1.5', full: String(Number.MAX_SAFE_INTEGER) };

  describe('an effect that cannot be applied', () => {
    it.each(faults)('leaves nothing of its message behind: $why', async ({ effect }) => {
      const driver = current();
      const key = driver.unique('hash');
      for (const [field, value] of Object.entries(content)) await driver.put(key, field, value);
      const claimed = await driver.publishAndClaim('pod', 'a');
      const before: Effect = { kind: 'add', key, field: 'count', amount: 1 };
      const result = await driver.commit(claimed, { effects: [before, effect(key), before] });
      expect(result).toMatchObject({ kind: 'fault' });
      expect(await driver.under.readHash(key)).toEqual(content);
      expect(await driver.store.stats(driver.ref)).toMatchObject({ depth: 1, processing: 1 });
    });

    it('spoils no other message of the batch, before it or after', async () => {
      const driver = current();
      const key = driver.unique('hash');
      await driver.put(key, 'text', 'many');
      const claimed = await driver.claim('pod', await driver.publish(['a', 'b', 'c']));
      const good: Effect = { kind: 'add', key, field: 'count', amount: 1 };
      const bad: Effect = { kind: 'add', key, field: 'text', amount: 1 };
      const items = claimed.map((item, n) =>
        driver.commitItem(item, { effects: n === 1 ? [good, bad] : [good] }),
      );
      const results = await driver.store.commit(driver.ref, items);
      expect(results.map(({ kind }) => kind)).toEqual(['committed', 'fault', 'committed']);
      expect(await driver.under.readHash(key)).toEqual({ text: 'many', count: '2' });
    });

    it('lets the message be failed and tried again by the same claim', async () => {
      const driver = current();
      const key = driver.unique('hash');
      await driver.put(key, 'text', 'many');
      const claimed = await driver.publishAndClaim('pod', 'a');
      await driver.commit(claimed, { effects: [{ kind: 'add', key, field: 'text', amount: 1 }] });
      expect(await driver.fail(claimed, { delayMs: 1 })).toMatchObject({ kind: 'retry' });
      await driver.under.passMs(20);
      expect(await driver.commit(one(await driver.recover('pod')))).toMatchObject({ kind: 'committed' });
    });

    it('is a fault too when it is what a rejection would write', async () => {
      const driver = current();
      const key = driver.unique('hash');
      await driver.put(key, 'text', 'many');
      const claimed = await driver.publishAndClaim('pod', 'a');
      const result = await driver.commit(claimed, {
        effects: [{ kind: 'take', key, field: 'none', amount: 1, ifMissing: 'none', ifShort: '' }],
        onReject: { effects: [{ kind: 'add', key, field: 'text', amount: 1 }], events: [] },
      });
      expect(result).toMatchObject({ kind: 'fault' });
      expect(await driver.claimKinds('other', [claimed.envelope])).toEqual(['busy']);
    });
  });
}
