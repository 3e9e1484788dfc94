import { describe, expect, it } from '@jest/globals';
import type { Effect } from '@onlyonce/core';
import { one, type StoreDriver } from './store-driver.js';
import type { StoreFeatures } from './store-under-test.js';
import { uuidV7 } from './uuid-v7.js';

const MINUTE_MS = 60_000;

export function publishing(current: () => StoreDriver, features: StoreFeatures): void {
  describe('publishing', () => {
    it('accepts a message once; repeating it is a duplicate and adds nothing to the backlog', async () => {
      const driver = current();
      const item = driver.item('a');
      expect(await driver.publishItem(item)).toMatchObject({ kind: 'accepted' });
      expect(await driver.publishItem(item)).toEqual({ kind: 'duplicate' });
      expect((await driver.store.stats(driver.ref)).depth).toBe(1);
    });

    it('calls another body under a known id a conflict, and keeps the first', async () => {
      const driver = current();
      await driver.publishItem(driver.item('a', { n: 1 }));
      expect(await driver.publishItem(driver.item('a', { n: 2 }))).toEqual({ kind: 'conflict' });
      expect(one(await driver.recover('pod')).envelope.body).toBe('{"n":1}');
    });

    it('does not take different headers for a different message, since each attempt has a trace of its own', async () => {
      const driver = current();
      await driver.publishItem(driver.item('a'));
      expect(await driver.publishItem({ ...driver.item('a'), headers: {} })).toEqual({ kind: 'duplicate' });
    });

    it('sees what the same call published before', async () => {
      const driver = current();
      const results = await driver.store.publish(driver.ref.channel, [
        driver.item('a', 1),
        driver.item('b', 1),
        driver.item('a', 1),
        driver.item('b', 2),
      ]);
      expect(results.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'duplicate', 'conflict']);
    });

    it('still knows a message that was processed', async () => {
      const driver = current();
      const claimed = await driver.publishAndClaim('pod', 'a');
      await driver.commit(claimed);
      expect(await driver.publishItem(driver.item('a'))).toEqual({ kind: 'duplicate' });
    });

    it('refuses an id whose time is older than ids are remembered, or ahead of the clock', async () => {
      const driver = current();
      const now = driver.under.nowMs();
      const kinds: string[] = [];
      for (const atMs of [
        now,
        now - features.horizonMs + MINUTE_MS,
        now - features.horizonMs - MINUTE_MS,
        now + 2 * MINUTE_MS,
      ]) {
        kinds.push((await driver.publishItem(driver.item(uuidV7(atMs)))).kind);
      }
      expect(kinds).toEqual(['accepted', 'accepted', 'too-old', 'from-future']);
    });

    it('recognises a repeated id that carries its time', async () => {
      const driver = current();
      const item = driver.item(uuidV7(driver.under.nowMs()));
      await driver.publishItem(item);
      expect(await driver.publishItem(item)).toEqual({ kind: 'duplicate' });
    });

    it('carries body and headers unchanged', async () => {
      const driver = current();
      const body = {
        text: 'tab\t line\n quote" back\\slash é 漢 \u2028 😀',
        list: [],
        nothing: null,
        big: 2 ** 53 - 1,
      };
      const headers = { 'odd "name"': 'tab\t line\n é 😀', empty: '' };
      await driver.publishItem({ ...driver.item('a', body), headers });
      const { envelope } = one(await driver.recover('pod'));
      expect(envelope).toMatchObject({ id: 'a', body: JSON.stringify(body), headers });
    });

    it('accepts ids with any printable characters, and tells them apart', async () => {
      const driver = current();
      const ids = [
        'a',
        'A',
        'a:b',
        'a|b',
        '{a}',
        '*',
        '"',
        '\\',
        'é',
        '漢'.repeat(60),
        'x'.repeat(200),
        '0',
        '1e3',
        '-1',
      ];
      await driver.publish(ids);
      const won = await driver.recover('pod');
      expect(won.map(({ envelope }) => envelope.id)).toEqual(ids);
      for (const message of won) expect(await driver.commit(message)).toMatchObject({ kind: 'committed' });
      expect(await driver.effects()).toEqual(Object.fromEntries(ids.map((id) => [id, '1'])));
    });

    it('hands the backlog out in the order of publishing', async () => {
      const driver = current();
      const ids = Array.from({ length: 20 }, (_, n) => `m${n}`);
      await driver.publish(ids.slice(0, 10));
      await driver.publish(ids.slice(10));
      expect((await driver.recover('pod', { limit: 3 })).map(({ envelope }) => envelope.id)).toEqual(ids);
    });
  });

  describe("the publisher's own record", () => {
    it('is written when the message is accepted, and not again for a duplicate or a conflict', async () => {
      const driver = current();
      const key = driver.unique('orders');
      const record = [{ kind: 'add', key, field: 'accepted', amount: 1 } as const];
      await driver.publishItem(driver.item('a', 1, record));
      await driver.publishItem(driver.item('a', 1, record));
      await driver.publishItem(driver.item('a', 2, record));
      expect(await driver.under.readHash(key)).toEqual({ accepted: '1' });
    });

    it('refuses the message when a guard of it does not hold; the id is free again', async () => {
      const driver = current();
      const key = driver.unique('orders');
      await driver.put(key, 'state', 'taken');
      const record = [
        { kind: 'put', key, field: 'other', value: 'x' } as const,
        {
          kind: 'require',
          key,
          field: 'state',
          test: 'absent',
          value: '',
          otherwise: 'taken already',
        } as const,
      ];
      const [refused, mate] = await driver.store.publish(driver.ref.channel, [
        driver.item('a', 1, record),
        driver.item('b'),
      ]);
      expect(refused).toEqual({ kind: 'refused', reason: 'taken already' });
      expect(mate).toMatchObject({ kind: 'accepted' });
      expect(await driver.under.readHash(key)).toEqual({ state: 'taken' });
      expect(await driver.publishItem(driver.item('a', 2))).toMatchObject({ kind: 'accepted' });
    });

    it('refuses the message when an effect cannot be applied; nothing of it is written', async () => {
      const driver = current();
      const key = driver.unique('orders');
      await driver.put(key, 'count', 'many');
      const record = [
        { kind: 'put', key, field: 'other', value: 'x' } as const,
        { kind: 'add', key, field: 'count', amount: 1 } as const,
      ];
      expect(await driver.publishItem(driver.item('a', 1, record))).toMatchObject({ kind: 'refused' });
      expect(await driver.under.readHash(key)).toEqual({ count: 'many' });
      expect((await driver.store.stats(driver.ref)).depth).toBe(0);
    });

    it('refuses one whose key is of another type, and spoils no other message of the call', async () => {
      const driver = current();
      const list = driver.unique('list');
      const put = (key: string) => [{ kind: 'put', key, field: 'state', value: 'new' } as const];
      const keys = [driver.unique('orders'), driver.unique('orders')] as const;
      await driver.publishItem(driver.item('first', 1, [{ kind: 'push', key: list, value: 'x' }]));
      const results = await driver.store.publish(driver.ref.channel, [
        driver.item('a', 1, put(keys[0])),
        driver.item('b', 1, put(list)),
        driver.item('c', 1, put(keys[1])),
      ]);
      expect(results.map(({ kind }) => kind)).toEqual(['accepted', 'refused', 'accepted']);
      for (const key of keys) expect(await driver.under.readHash(key)).toEqual({ state: 'new' });
      expect((await driver.store.stats(driver.ref)).depth).toBe(3);
      expect(await driver.publishItem(driver.item('b', 2))).toMatchObject({ kind: 'accepted' });
    });

    it('lets each message of a call see the records of those before it', async () => {
      const driver = current();
      const key = driver.unique('orders');
      const put = (value: string) => ({ kind: 'put', key, field: 'state', value }) as const;
      const absent: Effect = {
        kind: 'require',
        key,
        field: 'state',
        test: 'absent',
        value: '',
        otherwise: 'taken',
      };
      const results = await driver.store.publish(driver.ref.channel, [
        driver.item('a', 1, [put('first')]),
        driver.item('b', 1, [absent, put('second')]),
        driver.item('a', 2, [put('conflict')]),
        driver.item('c', 1, [put('third')]),
      ]);
      expect(results).toMatchObject([
        { kind: 'accepted' },
        { kind: 'refused', reason: 'taken' },
        { kind: 'conflict' },
        { kind: 'accepted' },
      ]);
      expect(await driver.under.readHash(key)).toEqual({ state: 'third' });
    });
  });
}
