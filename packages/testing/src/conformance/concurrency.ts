import { describe, expect, it } from '@jest/globals';
import { messageId, type MessageStore } from '@onlyonce/core';
import { idsOf, one, type Claimed, type StoreDriver } from './store-driver.js';

const PODS = ['one', 'two', 'three'] as const;

/** Several connections at once; on a store that is one process per call, still every interleaving of calls. */
export function concurrency(current: () => StoreDriver): void {
  const connections = async (): Promise<{ pod: string; store: MessageStore }[]> => {
    const driver = current();
    return Promise.all(PODS.map(async (pod) => ({ pod, store: (await driver.under.another()).store })));
  };
  const ids = Array.from({ length: 60 }, (_, n) => `m${n}`);

  describe('several pods at once', () => {
    it('win each message once by id', async () => {
      const driver = current();
      const pods = await connections();
      const envelopes = await driver.publish(ids);
      const answers = await Promise.all(
        pods.flatMap(({ pod, store }) =>
          [0, 20, 40].map((from) =>
            store.claim(driver.ref, driver.request(pod), envelopes.slice(from, from + 20)),
          ),
        ),
      );
      expect(answers.flat().filter(({ kind }) => kind === 'won')).toHaveLength(ids.length);
    });

    it('win each message once when they claim, pull and recover at the same time', async () => {
      const driver = current();
      const pods = await connections();
      const envelopes = await driver.publish(ids);
      const won: string[] = [];
      await Promise.all(
        pods.map(async ({ pod, store }) => {
          const request = (): ReturnType<StoreDriver['request']> =>
            driver.request(pod, { lockTtlMs: 30_000 });
          const [claimed, pulled, recovered] = await Promise.all([
            store.claim(driver.ref, request(), envelopes),
            store.pull(driver.ref, { ...request(), limit: 25 }),
            store.claimDue(driver.ref, { ...request(), limit: 25, olderThanMs: 0, suspectSlots: 1 }),
          ]);
          claimed.forEach(({ kind }, index) => {
            if (kind === 'won') won.push(ids[index] ?? '');
          });
          won.push(...idsOf(pulled), ...idsOf(recovered.won));
        }),
      );
      expect(won.sort()).toEqual([...ids].sort());
    });

    it('commit a message once, whoever is allowed to', async () => {
      const driver = current();
      const pods = await connections();
      const zombie = await driver.publishAndClaim('zombie', 'a');
      const successor = await driver.takeOver('successor');
      const owners: Claimed[] = [zombie, successor, zombie, successor];
      const results = await Promise.all(
        owners.flatMap((owner) =>
          pods.map(({ store }) => store.commit(driver.ref, [driver.commitItem(owner)])),
        ),
      );
      expect(results.flat().filter(({ kind }) => kind === 'committed')).toHaveLength(1);
      expect(await driver.effects()).toEqual({ a: '1' });
    });

    it('either commit or fail a message, not both', async () => {
      const driver = current();
      const [first, second] = await connections();
      if (!first || !second) throw new Error('there are three');
      const claimed = await driver.publishAndClaim('pod', 'a');
      const [committed, failed] = await Promise.all([
        first.store.commit(driver.ref, [driver.commitItem(claimed)]),
        second.store.fail(driver.ref, [driver.failItem(claimed, { kind: 'permanent' })]),
      ]);
      const kinds = [one(committed).kind, one(failed).kind];
      expect([
        ['committed', 'stale'],
        ['duplicate', 'dead'],
      ]).toContainEqual(kinds);
      expect(await driver.effects()).toEqual(kinds[0] === 'committed' ? { a: '1' } : {});
    });

    it('publish the same message once', async () => {
      const driver = current();
      const pods = await connections();
      const items = ids.map((id) => driver.item(id));
      const results = await Promise.all(pods.map(({ store }) => store.publish(driver.ref.channel, items)));
      expect(results.flat().filter(({ kind }) => kind === 'accepted')).toHaveLength(ids.length);
      expect((await driver.store.stats(driver.ref)).depth).toBe(ids.length);
    });

    it('redrive a dead letter once', async () => {
      const driver = current();
      const pods = await connections();
      await driver.fail(await driver.publishAndClaim('pod', 'a'), { kind: 'permanent' });
      const sent = await Promise.all(pods.map(({ store }) => store.redrive(driver.ref, [messageId('a')])));
      expect(sent.flat()).toEqual(['a']);
      expect((await driver.store.stats(driver.ref)).depth).toBe(1);
    });

    it('lose no message between the first group and what is published meanwhile (W12)', async () => {
      const driver = current();
      const pods = await connections();
      const ref = { channel: driver.unique('new'), group: 'first' };
      await Promise.all([
        ...pods.map(({ store }, index) =>
          store.publish(
            ref.channel,
            ids.slice(20 * index, 20 * index + 20).map((id) => driver.item(id)),
          ),
        ),
        ...pods.map(({ store }) => store.register(ref, 'earliest')),
      ]);
      expect(idsOf(await driver.recover('pod', {}, ref)).sort()).toEqual([...ids].sort());
    });

    it('take no more from a stock than there is', async () => {
      const driver = current();
      const pods = await connections();
      const key = driver.unique('stock');
      await driver.put(key, 'apple', '25');
      const claimed = await driver.claim('pod', await driver.publish(ids), { lockTtlMs: 30_000 });
      const effects = [
        { kind: 'take', key, field: 'apple', amount: 1, ifMissing: 'none', ifShort: 'short' } as const,
      ];
      const results = await Promise.all(
        claimed.map((item, index) => {
          const { store } = pods[index % pods.length] ?? driver;
          return store.commit(driver.ref, [driver.commitItem(item, { effects })]);
        }),
      );
      const outcomes = results
        .flat()
        .map((result) => (result.kind === 'committed' ? result.outcome : result.kind));
      expect(outcomes.filter((outcome) => outcome === 'confirmed')).toHaveLength(25);
      expect(outcomes.filter((outcome) => outcome === 'rejected')).toHaveLength(35);
      expect(await driver.under.readHash(key)).toEqual({ apple: '0' });
    });
  });
}
