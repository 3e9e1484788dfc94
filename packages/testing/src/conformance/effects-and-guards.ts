import { describe, expect, it } from '@jest/globals';
import { messageId, type CommitResult, type Effect, type EntryId } from '@onlyonce/core';
import type { StoreDriver } from './store-driver.js';

/** Builds effects on one key. */
function on(key: string) {
  return {
    take: (field: string, amount: number): Effect => ({
      kind: 'take',
      key,
      field,
      amount,
      ifMissing: `no ${field}`,
      ifShort: `too little ${field}`,
    }),
    add: (field: string, amount: number): Effect => ({ kind: 'add', key, field, amount }),
    put: (field: string, value: string): Effect => ({ kind: 'put', key, field, value }),
    remove: (field: string): Effect => ({ kind: 'remove', key, field }),
    require: (field: string, test: 'absent' | 'same-or-absent' | 'below-or-absent', value = ''): Effect => ({
      kind: 'require',
      key,
      field,
      test,
      value,
      otherwise: `${field} must be ${test}`,
    }),
  };
}

export function effectsAndGuards(current: () => StoreDriver): void {
  /** Commits the effects as one message. */
  const apply = async (id: string, effects: readonly Effect[]): Promise<CommitResult> => {
    const driver = current();
    return driver.commit(await driver.publishAndClaim('pod', id), { effects });
  };

  describe('effects', () => {
    it('change fields of hashes: add, put, remove', async () => {
      const driver = current();
      const key = driver.unique('hash');
      const { add, put, remove } = on(key);
      await apply('a', [add('up', 5), add('down', -3), put('text', 'é "x"'), put('gone', '1')]);
      await apply('b', [add('up', 2), put('text', 'later'), remove('gone'), remove('never')]);
      expect(await driver.under.readHash(key)).toEqual({ up: '7', down: '-3', text: 'later' });
    });

    it('change sets, rankings and lists', async () => {
      const driver = current();
      const [set, ranking, list] = ['set', 'ranking', 'list'].map((name) => driver.unique(name)) as [
        string,
        string,
        string,
      ];
      await apply('a', [
        ...['x', 'y', 'x', 'z'].map((member): Effect => ({ kind: 'addMember', key: set, member })),
        { kind: 'removeMember', key: set, member: 'y' },
        { kind: 'rank', key: ranking, member: 'second', score: 2.5 },
        { kind: 'rank', key: ranking, member: 'first', score: -1 },
        { kind: 'push', key: list, value: 'one' },
        { kind: 'push', key: list, value: 'two' },
      ]);
      expect((await driver.under.readMembers(set)).sort()).toEqual(['x', 'z']);
      expect(await driver.under.readMembers(ranking)).toEqual(['first', 'second']);
      expect(await driver.under.readMembers(list)).toEqual(['one', 'two']);
    });

    it('let a key disappear after its time', async () => {
      const driver = current();
      const key = driver.unique('hash');
      await apply('a', [on(key).put('f', '1'), { kind: 'expire', key, ttlMs: 200 }]);
      expect(await driver.under.readHash(key)).toEqual({ f: '1' });
      await driver.under.passMs(260);
      expect(await driver.under.readHash(key)).toEqual({});
    });

    it('count exactly up to the largest safe integer', async () => {
      const driver = current();
      const key = driver.unique('hash');
      await apply('a', [on(key).add('n', Number.MAX_SAFE_INTEGER - 1)]);
      await apply('b', [on(key).add('n', 1)]);
      expect(await driver.under.readHash(key)).toEqual({ n: '9007199254740991' });
    });
  });

  describe('guards', () => {
    it('take what is there', async () => {
      const driver = current();
      const key = driver.unique('stock');
      await driver.put(key, 'apple', '10');
      expect(await apply('a', [on(key).take('apple', 10)])).toEqual({
        kind: 'committed',
        outcome: 'confirmed',
      });
      expect(await driver.under.readHash(key)).toEqual({ apple: '0' });
    });

    it.each([
      { why: 'too little', field: 'apple', reason: 'too little apple' },
      { why: 'no such field', field: 'pear', reason: 'no pear' },
    ])(
      'turn the message into a rejection, and none of its effects happens: $why',
      async ({ field, reason }) => {
        const driver = current();
        const key = driver.unique('stock');
        await driver.put(key, 'apple', '10');
        const { add, take } = on(key);
        const claimed = await driver.publishAndClaim('pod', 'a');
        const result = await driver.commit(claimed, {
          effects: [add('other', 1), take('apple', 3), take(field, 8)],
          onReject: { effects: [add('rejections', 1)], events: [] },
        });
        expect(result).toEqual({ kind: 'committed', outcome: 'rejected', reason });
        expect(await driver.under.readHash(key)).toEqual({ apple: '10', rejections: '1' });
        expect(await driver.claimKinds('pod', [claimed.envelope])).toEqual(['done']);
      },
    );

    it('see what the same message took before', async () => {
      const driver = current();
      const key = driver.unique('stock');
      await driver.put(key, 'apple', '5');
      const { take } = on(key);
      expect(await apply('a', [take('apple', 3), take('apple', 3)])).toMatchObject({ outcome: 'rejected' });
      expect(await apply('b', [take('apple', 3), take('apple', 2)])).toMatchObject({ outcome: 'confirmed' });
      expect(await driver.under.readHash(key)).toEqual({ apple: '0' });
    });

    it('do not see what a message took that is not in the backlog', async () => {
      const driver = current();
      const key = driver.unique('stock');
      await driver.put(key, 'apple', '2');
      const real = await driver.publish(['a', 'b', 'c']);
      const forged = real.map((envelope, n) => ({
        ...envelope,
        id: messageId(`forged-${n}`),
        entryId: `${envelope.entryId}9` as EntryId,
      }));
      // Forged ones in front, in the middle and at the end, each taking all there is.
      const heard = [forged[0], real[0], forged[1], real[1], real[2], forged[2]].filter(
        (e) => e !== undefined,
      );
      const claims = await driver.store.claim(driver.ref, driver.request('pod'), heard);
      const items = claims.flatMap((claim, index) => {
        const envelope = heard[index];
        if (claim.kind !== 'won' || !envelope) return [];
        const effects = [on(key).take('apple', envelope.id.startsWith('forged') ? 2 : 1)];
        return [driver.commitItem({ envelope, token: claim.token }, { effects })];
      });
      const results = await driver.store.commit(driver.ref, items);
      const outcomes = results.flatMap((result) => (result.kind === 'committed' ? [result.outcome] : []));
      expect(outcomes).toEqual(['confirmed', 'confirmed', 'rejected']);
      expect(await driver.under.readHash(key)).toEqual({ apple: '0' });
      expect((await driver.store.stats(driver.ref)).depth).toBe(0);
    });

    it('see what earlier messages of the same batch took', async () => {
      const driver = current();
      const key = driver.unique('stock');
      await driver.put(key, 'apple', '2');
      const claimed = await driver.claim('pod', await driver.publish(['a', 'b', 'c']));
      const effects = [on(key).take('apple', 1)];
      const results = await driver.store.commit(
        driver.ref,
        claimed.map((item) => driver.commitItem(item, { effects })),
      );
      expect(results).toEqual([
        { kind: 'committed', outcome: 'confirmed' },
        { kind: 'committed', outcome: 'confirmed' },
        { kind: 'committed', outcome: 'rejected', reason: 'too little apple' },
      ]);
      expect(await driver.under.readHash(key)).toEqual({ apple: '0' });
    });

    it.each([
      { test: 'absent', value: '', present: 'x', holds: false },
      { test: 'absent', value: '', present: undefined, holds: true },
      { test: 'same-or-absent', value: 'x', present: 'x', holds: true },
      { test: 'same-or-absent', value: 'x', present: 'y', holds: false },
      { test: 'same-or-absent', value: '7', present: '7', holds: true },
      { test: 'same-or-absent', value: 'x', present: undefined, holds: true },
      { test: 'below-or-absent', value: '10', present: '9', holds: true },
      { test: 'below-or-absent', value: '10', present: '10', holds: false },
      { test: 'below-or-absent', value: '-1', present: '-2', holds: true },
      { test: 'below-or-absent', value: '10', present: undefined, holds: true },
    ] as const)(
      'require $test "$value" with $present there: $holds',
      async ({ test, value, present, holds }) => {
        const driver = current();
        const key = driver.unique('hash');
        if (present !== undefined) await driver.put(key, 'f', present);
        const { put, require } = on(key);
        const result = await apply('a', [require('f', test, value), put('done', '1')]);
        expect(result).toMatchObject({ kind: 'committed', outcome: holds ? 'confirmed' : 'rejected' });
        expect((await driver.under.readHash(key))['done']).toBe(holds ? '1' : undefined);
      },
    );

    it('require something of what the same message put before', async () => {
      const { put, require } = on(current().unique('hash'));
      expect(await apply('a', [put('f', 'x'), require('f', 'absent')])).toMatchObject({
        outcome: 'rejected',
      });
      expect(await apply('b', [put('f', 'x'), require('f', 'same-or-absent', 'x')])).toMatchObject({
        outcome: 'confirmed',
      });
    });

    it('tell of the rejection with the reason filled in, and not of the success', async () => {
      const driver = current();
      const ref = { channel: driver.unique('results'), group: 'mail' };
      await driver.register(ref);
      const claimed = await driver.publishAndClaim('pod', 'a');
      const event = { channel: ref.channel, headers: {} };
      const reason = 'not "enough" é \\ 漢\n';
      await driver.commit(claimed, {
        effects: [
          {
            kind: 'take',
            key: driver.unique('stock'),
            field: 'x',
            amount: 1,
            ifMissing: reason,
            ifShort: '',
          },
        ],
        events: [{ ...event, id: 'a:0', body: '"confirmed"' }],
        onReject: {
          effects: [],
          events: [
            { ...event, id: 'a:r0', body: '{"reason":', bodyAfterReason: ',"n":1}' },
            { ...event, id: 'a:r1', body: '"complete"' },
          ],
        },
      });
      const [first, second, ...others] = await driver.recover('pod', {}, ref);
      expect(JSON.parse(first?.envelope.body ?? '')).toEqual({ reason, n: 1 });
      expect(second?.envelope.body).toBe('"complete"');
      expect(others).toEqual([]);
    });
  });
}
