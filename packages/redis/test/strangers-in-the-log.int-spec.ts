import { describe, expect, it } from '@jest/globals';
import { messageId, systemRandom, type Envelope, type GroupRef } from '@onlyonce/core';
import { eventually } from '@onlyonce/testing';
import { Heard } from './support/heard.js';
import { StoreUnderTest } from './support/store-under-test.js';

const CHANNEL = 'c';
const GROUPS = ['one', 'two', 'three'];
const AHEAD = '99999999999999-5';

describe('entries that somebody wrote into a log by hand, ahead of those to come', () => {
  const redis = new StoreUnderTest(GROUPS);
  const log = (group: string): string => redis.key(group, 'log');
  const texts = async (group: string): Promise<[entry: string, id: string | undefined][]> =>
    (await redis.client.xrange(log(group), '-', '+')).map(([entry, fields]) => [
      entry,
      fields[1]?.split('\t')[1],
    ]);

  async function publish(...ids: string[]): Promise<string[]> {
    const items = ids.map((id) => ({ id: messageId(id), headers: {}, body: '{}', effects: [] }));
    const results = await redis.backend.store.publish(CHANNEL, items);
    return results.map((result) => (result.kind === 'accepted' ? result.entryId : result.kind));
  }

  async function commit(ref: GroupRef, envelopes: readonly Envelope[]): Promise<string[]> {
    const request = { pod: 'p', lockTtlMs: 60_000, nonce: systemRandom.nonce() };
    const claimed = await redis.backend.store.claim(ref, request, envelopes);
    const items = envelopes.map(({ id, entryId }, n) => {
      const result = claimed[n];
      if (result?.kind !== 'won') throw new Error(`${id} was not won: ${result?.kind ?? 'no answer'}`);
      const plain = { outcome: 'confirmed', effects: [], events: [], attempt: 1 } as const;
      return { id, entryId, token: result.token, ...plain, onReject: { effects: [], events: [] } };
    });
    return (await redis.backend.store.commit(ref, items)).map(({ kind }) => kind);
  }

  it.each(GROUPS)('in that of group %s: every message has one entry, the same for all', async (group) => {
    await publish('before');
    await redis.client.xadd(log(group), AHEAD, 'by', 'hand');
    const entries = await publish('a', 'b', 'c');
    expect(entries).toEqual(['99999999999999-6', '99999999999999-7', '99999999999999-8']);
    for (const each of GROUPS) {
      const found = (await texts(each)).filter(([, id]) => id !== undefined && id !== 'before');
      expect(found).toEqual([
        [entries[0], 'a'],
        [entries[1], 'b'],
        [entries[2], 'c'],
      ]);
    }
    expect(await publish('later')).toEqual(['99999999999999-9']);
  });

  it('are not taken for a message, nor is a message for its neighbour: each commit removes its own entry', async () => {
    const heard = new Heard();
    await redis.backend.feed.subscribe(CHANNEL, heard);
    await redis.client.xadd(log('two'), AHEAD, 'by', 'hand');
    await publish('a', 'b', 'c');
    await eventually(() => {
      expect(heard.ids).toEqual(['a', 'b', 'c']);
    });
    const ref = { channel: CHANNEL, group: 'two' };
    const [a, , c] = heard.envelopes;
    expect(await commit(ref, a && c ? [a, c] : [])).toEqual(['committed', 'committed']);
    expect((await texts('two')).map(([, id]) => id)).toEqual([undefined, 'b']);
  });
});
