import { describe, expect, it } from '@jest/globals';
import { messageId } from '@onlyonce/core';
import { one, type Claimed, type StoreDriver } from './store-driver.js';

export function deadLettersAndRedrive(current: () => StoreDriver): void {
  const dead = async (id: string): Promise<Claimed> => {
    const driver = current();
    const claimed = await driver.publishAndClaim('pod', id);
    expect(await driver.fail(claimed, { kind: 'permanent', error: 'hopeless' })).toEqual({ kind: 'dead' });
    return claimed;
  };
  const redrive = (...ids: string[]): Promise<string[]> =>
    current().store.redrive(current().ref, ids.map(messageId));

  describe('a dead letter', () => {
    it('is out of the backlog, and no copy of it is processed', async () => {
      const driver = current();
      const claimed = await dead('a');
      expect(await driver.recover('pod')).toEqual([]);
      expect(await driver.publishItem(driver.item('a'))).toEqual({ kind: 'duplicate' });
      expect(await driver.claimKinds('pod', [claimed.envelope])).toEqual(['done']);
      expect(await driver.commit(claimed)).toEqual({ kind: 'duplicate', outcome: 'dead' });
      expect(await driver.effects()).toEqual({});
    });
  });

  describe('redriving', () => {
    it('sends a dead letter back under its id, with its body, as if it had never failed', async () => {
      const driver = current();
      const { envelope } = await dead('a');
      expect(await redrive('a')).toEqual(['a']);
      const again = one(await driver.recover('pod'));
      expect(again).toMatchObject({ failures: 0, takeovers: 0 });
      expect(again.envelope).toMatchObject({ id: 'a', body: envelope.body, headers: envelope.headers });
      expect(await driver.commit(again)).toMatchObject({ kind: 'committed', outcome: 'confirmed' });
      expect(await driver.effects()).toEqual({ a: '1' });
      expect(await driver.store.stats(driver.ref)).toMatchObject({ depth: 0, dead: 0 });
    });

    it('sends it back once, however often it is asked to', async () => {
      const driver = current();
      await dead('a');
      await redrive('a');
      expect(await redrive('a')).toEqual([]);
      expect(await driver.recover('pod')).toHaveLength(1);
    });

    it('lets it die again', async () => {
      const driver = current();
      await dead('a');
      await redrive('a');
      const again = one(await driver.recover('pod'));
      expect(await driver.fail(again, { kind: 'permanent' })).toEqual({ kind: 'dead' });
      expect(await driver.store.stats(driver.ref)).toMatchObject({ depth: 0, dead: 1 });
      expect(await redrive('a')).toEqual(['a']);
    });

    it('passes over what is no dead letter: unknown, waiting, processed', async () => {
      const driver = current();
      await dead('a');
      await driver.publish(['waiting']);
      await driver.commit(await driver.publishAndClaim('pod', 'processed'));
      expect(await redrive('unknown', 'waiting', 'processed', 'a')).toEqual(['a']);
      expect(await driver.publishItem(driver.item('processed'))).toEqual({ kind: 'duplicate' });
    });

    it('does not let the owner of before count once the message has a new one (W13)', async () => {
      const driver = current();
      const zombie = await dead('a');
      await redrive('a');
      const successor = one(await driver.recover('successor'));
      expect(await driver.commit(zombie)).toEqual({ kind: 'stale' });
      expect(await driver.fail(zombie, { kind: 'permanent' })).toEqual({ kind: 'stale' });
      expect(await driver.commit(successor)).toMatchObject({ kind: 'committed' });
      expect(await driver.effects()).toEqual({ a: '1' });
    });

    it('is about one group', async () => {
      const driver = current();
      const other = { ...driver.ref, group: 'other' };
      await driver.register(other);
      await dead('a');
      expect(await driver.store.redrive(other, [messageId('a')])).toEqual([]);
      expect(one(await driver.recover('pod', {}, other)).envelope.id).toBe('a');
    });
  });
}
