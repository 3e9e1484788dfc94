import { describe, expect, it } from '@jest/globals';
import { messageId, systemRandom, type EntryId, type Envelope, type LockToken } from '@onlyonce/core';
import { StoreUnderTest } from './support/store-under-test.js';

const REF = { channel: 'c', group: 'g' };
const POD = 'pod';

describe('what proves to a commit that its message was accepted', () => {
  const redis = new StoreUnderTest([REF.group]);
  const key = (name: string): string => redis.key(REF.group, name);
  const request = () => ({ pod: POD, lockTtlMs: 60_000, nonce: systemRandom.nonce() });

  async function publish(...ids: string[]): Promise<Envelope[]> {
    const items = ids.map((id) => ({ id: messageId(id), headers: {}, body: '{}', effects: [] }));
    const results = await redis.store.publish(REF.channel, items);
    return items.map((item, n) => {
      const result = results[n];
      if (result?.kind !== 'accepted') throw new Error(`${item.id} was not accepted`);
      return { ...item, entryId: result.entryId };
    });
  }

  async function pull(): Promise<Held[]> {
    return redis.store.pull(REF, { ...request(), limit: 10 });
  }

  async function claim(...envelopes: Envelope[]): Promise<Held[]> {
    const results = await redis.store.claim(REF, request(), envelopes);
    return results.flatMap((result, n) => {
      const envelope = envelopes[n];
      return result.kind === 'won' && envelope ? [{ envelope, token: result.token }] : [];
    });
  }

  /** Each counts itself in one hash. @returns what became of each */
  async function commit(...held: Held[]): Promise<string[]> {
    const results = await redis.store.commit(
      REF,
      held.map(({ envelope, token }) => ({
        id: envelope.id,
        entryId: envelope.entryId,
        token,
        attempt: 1,
        outcome: 'confirmed',
        effects: [{ kind: 'add', key: 'effects', field: envelope.id, amount: 1 }],
        events: [],
        onReject: { effects: [], events: [] },
      })),
    );
    return results.map(({ kind }) => kind);
  }

  const effects = () => redis.client.hgetall(redis.effect('effects'));

  it('a lock that pull wrote, as long as the store has it; without it the backlog is asked', async () => {
    await publish('a', 'b', 'c');
    const held = await pull();
    // As in a store that never heard of a: what came after the acceptance is gone with it. b's lock only ran out.
    await redis.client.xdel(key('log'), held[0]?.envelope.entryId ?? '');
    await redis.client.hdel(key('held'), 'a');
    await redis.client.del(key('lock:a'), key('lock:b'));
    expect(await commit(...held)).toEqual(['stale', 'committed', 'committed']);
    expect(await effects()).toEqual({ b: '1', c: '1' });
    expect(await redis.client.xlen(key('log'))).toBe(0);
  });

  it('not a lock that was given to an envelope, whatever it stands beside', async () => {
    await publish('a', 'b');
    const pulled = await pull();
    const [real] = await publish('c');
    if (!real) throw new Error('one was published');
    const ghost = { ...real, id: messageId('ghost'), entryId: `${real.entryId}9` as EntryId };
    const claimed = await claim(ghost, real);
    expect(claimed).toHaveLength(2);
    const [a, b] = pulled;
    const [g, c] = claimed;
    if (!a || !b || !g || !c) throw new Error('four are held');
    expect(await commit(a, g, b, c)).toEqual(['committed', 'stale', 'committed', 'committed']);
    expect(await effects()).toEqual({ a: '1', b: '1', c: '1' });
    expect(await redis.client.xlen(key('log'))).toBe(0);
    expect(await redis.client.hlen(key('held'))).toBe(0);
  });

  it('what another layout wrote into the log stops nobody', async () => {
    await redis.client.xadd(key('log'), '*', 'i', 'old', 'a', 'h1 old', 'h', '', 'b', '{}');
    await redis.client.xadd(key('log'), '*', 'm', 'no tabs at all');
    await publish('a');
    const held = await pull();
    expect(held.map(({ envelope }) => envelope)).toMatchObject([{ id: 'a', headers: {}, body: '{}' }]);
    expect(await commit(...held)).toEqual(['committed']);
  });
});

interface Held {
  readonly envelope: Envelope;
  readonly token: LockToken;
}
