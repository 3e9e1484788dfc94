import { describe, expect, it } from '@jest/globals';
import { messageId, type EntryId } from '@onlyonce/core';
import { one, PAST_THE_LOCK_MS, type Claimed, type StoreDriver } from './store-driver.js';

export function committing(current: () => StoreDriver): void {
  describe('committing', () => {
    it('applies the effects, remembers the id and empties the backlog in one step', async () => {
      const driver = current();
      const claimed = await driver.publishAndClaim('pod', 'a');
      expect(await driver.commit(claimed)).toEqual({ kind: 'committed', outcome: 'confirmed' });
      expect(await driver.effects()).toEqual({ a: '1' });
      expect(await driver.store.stats(driver.ref)).toMatchObject({
        depth: 0,
        processing: 0,
        retrying: 0,
        dead: 0,
      });
      expect(await driver.recover('pod')).toEqual([]);
    });

    it('calls a second commit a duplicate, with the outcome that is recorded', async () => {
      const driver = current();
      const confirmed = await driver.publishAndClaim('pod', 'a');
      const rejected = await driver.publishAndClaim('pod', 'b');
      await driver.commit(confirmed);
      await driver.commit(rejected, { outcome: 'rejected', reason: 'closed', effects: [] });
      expect(await driver.commit(confirmed, { outcome: 'rejected' })).toMatchObject({
        kind: 'duplicate',
        outcome: 'confirmed',
      });
      expect(await driver.commit(rejected)).toMatchObject({ kind: 'duplicate', outcome: 'rejected' });
      expect(await driver.effects()).toEqual({ a: '1' });
    });

    it('records a rejection that the handler decided, with its reason and its effects', async () => {
      const driver = current();
      const claimed = await driver.publishAndClaim('pod', 'a');
      const result = await driver.commit(claimed, { outcome: 'rejected', reason: 'closed' });
      expect(result).toEqual({ kind: 'committed', outcome: 'rejected', reason: 'closed' });
      expect(await driver.effects()).toEqual({ a: '1' });
    });

    it('refuses the owner of before once another pod has taken over (W5)', async () => {
      const driver = current();
      const zombie = await driver.publishAndClaim('zombie', 'a');
      const successor = await driver.takeOver('successor');
      expect(await driver.commit(zombie)).toEqual({ kind: 'stale' });
      expect(await driver.effects()).toEqual({});
      expect(await driver.commit(successor)).toMatchObject({ kind: 'committed' });
      expect(await driver.commit(zombie)).toEqual({ kind: 'duplicate', outcome: 'confirmed' });
      expect(await driver.effects()).toEqual({ a: '1' });
    });

    const waysToLeave: [string, (driver: StoreDriver, successor: Claimed) => Promise<unknown>][] = [
      ['its lock has run out as well', (driver) => driver.under.passMs(PAST_THE_LOCK_MS)],
      ['it failed', (driver, successor) => driver.fail(successor, { delayMs: 1 })],
      [
        'it gave the message back',
        (driver, successor) => driver.store.release(driver.ref, [driver.held(successor)]),
      ],
    ];
    it.each(waysToLeave)(
      'refuses the owner of before when the successor holds it no more: %s',
      async (_, leave) => {
        const driver = current();
        const zombie = await driver.publishAndClaim('zombie', 'a');
        await leave(driver, await driver.takeOver('successor'));
        expect(await driver.commit(zombie)).toEqual({ kind: 'stale' });
        expect(await driver.effects()).toEqual({});
      },
    );

    it('refuses a token that only guesses the fence', async () => {
      const driver = current();
      const claimed = await driver.publishAndClaim('pod', 'a');
      const forged = { ...claimed, token: { ...claimed.token, nonce: driver.nonce() } };
      expect(await driver.commit(forged)).toEqual({ kind: 'stale' });
      expect(await driver.commit(claimed)).toMatchObject({ kind: 'committed' });
    });

    it('refuses an effect for what was heard and is not in the backlog: its publisher finds it undone', async () => {
      const driver = current();
      const [real] = await driver.publish(['a']);
      if (!real) throw new Error('one was published');
      // As after a failover that lost the acceptance, or from a hand that may publish on the channel.
      const entries = [`${real.entryId}9`, '99999999999999999999999999-0'] as EntryId[];
      const ghosts = entries.map((entryId, n) => ({ ...real, id: messageId(`ghost-${n}`), entryId }));
      const heard = [...ghosts, real];
      // A store may refuse the ghosts here already.
      const claims = await driver.store.claim(driver.ref, driver.request('pod'), heard);
      const items = claims.flatMap((claim, index) => {
        const envelope = heard[index];
        return claim.kind === 'won' && envelope ? [driver.commitItem({ envelope, token: claim.token })] : [];
      });
      const results = await driver.store.commit(driver.ref, items);
      expect(results.filter(({ kind }) => kind !== 'stale')).toEqual([
        { kind: 'committed', outcome: 'confirmed' },
      ]);
      expect(await driver.effects()).toEqual({ a: '1' });
      expect(await driver.commit(await driver.publishAndClaim('pod', 'ghost-0'))).toMatchObject({
        kind: 'committed',
      });
    });

    it('accepts a result that comes after the lock ran out, if nobody took the message', async () => {
      const driver = current();
      const claimed = await driver.publishAndClaim('pod', 'a');
      await driver.under.passMs(PAST_THE_LOCK_MS);
      expect(await driver.commit(claimed)).toMatchObject({ kind: 'committed' });
      expect(await driver.effects()).toEqual({ a: '1' });
      expect(await driver.recover('other')).toEqual([]);
    });

    it('judges each message of a batch by itself: a stale one in the middle spoils nothing (W8)', async () => {
      const driver = current();
      const [a, b, c] = await driver.claim('pod', await driver.publish(['a', 'b', 'c']));
      if (!a || !b || !c) throw new Error('three were claimed');
      await driver.store.release(driver.ref, [driver.held(b)]);
      const successor = one(await driver.recover('successor'));
      const results = await driver.store.commit(
        driver.ref,
        [a, b, c].map((claimed) => driver.commitItem(claimed)),
      );
      expect(results.map(({ kind }) => kind)).toEqual(['committed', 'stale', 'committed']);
      expect(await driver.effects()).toEqual({ a: '1', c: '1' });
      expect(await driver.commit(successor)).toMatchObject({ kind: 'committed' });
    });

    it('commits a message once even if the batch names it twice', async () => {
      const driver = current();
      const claimed = await driver.publishAndClaim('pod', 'a');
      const item = driver.commitItem(claimed);
      const results = await driver.store.commit(driver.ref, [item, item]);
      expect(results).toMatchObject([
        { kind: 'committed', outcome: 'confirmed' },
        { kind: 'duplicate', outcome: 'confirmed' },
      ]);
      expect(await driver.effects()).toEqual({ a: '1' });
    });

    it('takes a batch of the largest size the engine sends', async () => {
      const driver = current();
      const ids = Array.from({ length: 128 }, (_, n) => `m${n}`);
      const claimed = await driver.claim('pod', await driver.publish(ids), { lockTtlMs: 30_000 });
      const results = await driver.store.commit(
        driver.ref,
        claimed.map((item) => driver.commitItem(item)),
      );
      expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['committed']));
      expect(await driver.effects()).toEqual(Object.fromEntries(ids.map((id) => [id, '1'])));
    });
  });

  describe('outgoing events', () => {
    it('reach every group of the outbound channel, in the step that applies the effects', async () => {
      const driver = current();
      const channel = driver.unique('results');
      const groups = ['mail', 'audit'].map((group) => ({ channel, group }));
      for (const ref of groups) await driver.register(ref);
      const claimed = await driver.publishAndClaim('pod', 'a');
      const event = { channel, id: 'a:stock:0', headers: { traceparent: 't' }, body: '{"ok":true}' };
      await driver.commit(claimed, { events: [event, { ...event, id: 'a:stock:1' }] });
      for (const ref of groups) {
        const won = await driver.recover('pod', {}, ref);
        expect(won.map(({ envelope }) => envelope.id)).toEqual(['a:stock:0', 'a:stock:1']);
        expect(won[0]?.envelope).toMatchObject({ body: event.body, headers: event.headers });
      }
    });

    it('wait for the first group when the channel has none yet', async () => {
      const driver = current();
      const ref = { channel: driver.unique('results'), group: 'late' };
      const claimed = await driver.publishAndClaim('pod', 'a');
      await driver.commit(claimed, {
        events: [{ channel: ref.channel, id: 'a:stock:0', headers: {}, body: '1' }],
      });
      await driver.register(ref);
      expect(await driver.recover('pod', {}, ref)).toHaveLength(1);
    });

    it('do not go out again with a duplicate commit, nor at all with a stale one', async () => {
      const driver = current();
      const ref = { channel: driver.unique('results'), group: 'mail' };
      await driver.register(ref);
      const events = [{ channel: ref.channel, id: 'a:stock:0', headers: {}, body: '1' }];
      const zombie = await driver.publishAndClaim('zombie', 'a');
      const successor = await driver.takeOver('successor');
      await driver.commit(zombie, { events });
      expect((await driver.store.stats(ref)).depth).toBe(0);
      await driver.commit(successor, { events });
      await driver.commit(successor, { events });
      expect((await driver.store.stats(ref)).depth).toBe(1);
    });

    it('may go back to the channel the message came from', async () => {
      const driver = current();
      const claimed = await driver.publishAndClaim('pod', 'a');
      await driver.commit(claimed, {
        events: [{ channel: driver.ref.channel, id: 'a:stock:0', headers: {}, body: '1' }],
      });
      expect(one(await driver.recover('pod')).envelope.id).toBe('a:stock:0');
    });
  });
}
