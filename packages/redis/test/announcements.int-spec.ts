import { describe, expect, it } from '@jest/globals';
import { messageId, systemRandom, type Envelope } from '@onlyonce/core';
import { StoreUnderTest } from './support/store-under-test.js';

const REF = { channel: 'c', group: 'g' };

describe('who comes too late for a whole announcement', () => {
  const redis = new StoreUnderTest([REF.group]);
  const key = (name: string): string => redis.key(REF.group, name);

  /** Published in one call, and heard as one announcement. */
  async function announce(...ids: string[]): Promise<Envelope[]> {
    const items = ids.map((id) => ({ id: messageId(id), headers: {}, body: '{}', effects: [] }));
    const results = await redis.store.publish(REF.channel, items);
    const entries = results.map((result) => {
      if (result.kind !== 'accepted') throw new Error(`was not accepted: ${result.kind}`);
      return result.entryId;
    });
    const [first] = entries;
    if (first === undefined) throw new Error('nothing was announced');
    const announcement = { first, size: ids.length };
    return items.flatMap((item, n) => {
      const entryId = entries[n];
      return entryId === undefined ? [] : [{ ...item, entryId, announcement }];
    });
  }

  async function claim(
    pod: string,
    envelopes: readonly Envelope[],
    { nonce = systemRandom.nonce(), lockTtlMs = 60_000 } = {},
  ): Promise<string> {
    const results = await redis.store.claim(REF, { pod, lockTtlMs, nonce }, envelopes);
    return results.map(({ kind }) => kind).join(' ');
  }

  it('is told so at once, without a look at its locks', async () => {
    const heard = await announce('a', 'b', 'c');
    expect(await claim('first', heard)).toBe('won won won');
    // Locks that go away show whether they are looked at.
    await redis.client.del(...['a', 'b', 'c'].map((id) => key(`lock:${id}`)));
    await redis.client.del(key('held'));
    expect(await claim('second', heard)).toBe('busy busy busy');
  });

  it('still wins the announcements of its call that nobody has claimed, in their order', async () => {
    const [one, two, three] = [await announce('a', 'b'), await announce('c', 'd'), await announce('e')];
    expect(await claim('first', two)).toBe('won won');
    expect(await claim('second', [...one, ...two, ...three])).toBe('won won busy busy won');
    expect(await redis.client.mget(...['a', 'c', 'e'].map((id) => key(`lock:${id}`)))).toEqual([
      expect.stringMatching(/second$/),
      expect.stringMatching(/first$/),
      expect.stringMatching(/second$/),
    ]);
  });

  it('is not: who claimed only a part of it has claimed nothing for the rest', async () => {
    const heard = await announce('a', 'b', 'c');
    expect(await claim('first', heard.slice(0, 2))).toBe('won won');
    expect(await claim('second', heard)).toBe('busy busy won');
    expect(await claim('third', heard)).toBe('busy busy busy');
  });

  it('is not, when it asks again because the answer was lost', async () => {
    const heard = await announce('a', 'b');
    const nonce = systemRandom.nonce();
    expect(await claim('first', heard, { nonce })).toBe('won won');
    expect(await claim('first', heard, { nonce })).toBe('won won');
  });

  it('is not for longer than a lock lasts, so that what is left over is not hidden', async () => {
    const heard = await announce('a', 'b');
    expect(await claim('first', heard, { lockTtlMs: 60_000 })).toBe('won won');
    const [mark] = await redis.client.keys(key('heard:*'));
    const left = await redis.client.pttl(mark ?? '');
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(60_000);
    expect(left).toBeLessThanOrEqual((await redis.client.pttl(key('lock:a'))) + 1_000);
  });

  it('is handed what the winner lost, like anybody', async () => {
    const heard = await announce('a', 'b');
    expect(await claim('first', heard)).toBe('won won');
    await redis.client.del(key('lock:a'));
    const due = await redis.store.claimDue(REF, {
      pod: 'second',
      lockTtlMs: 60_000,
      nonce: systemRandom.nonce(),
      limit: 10,
      olderThanMs: 0,
      suspectSlots: 1,
    });
    expect(due.won.map(({ envelope, previousPod }) => [envelope.id, previousPod])).toEqual([['a', 'first']]);
  });

  it('marks nothing when nothing of it was won', async () => {
    const heard = await announce('a');
    await claim('first', [{ ...heard[0], announcement: undefined } as unknown as Envelope]);
    expect(await claim('second', heard)).toBe('busy');
    expect(await redis.client.keys(key('heard:*'))).toEqual([]);
  });
});
