import { describe, expect, it } from '@jest/globals';
import {
  messageId,
  type CommitItem,
  type CommitResult,
  type FailItem,
  type FailResult,
  type LockToken,
  type MessageStore,
  type OutgoingEvent,
} from '@onlyonce/core';
import { tracedStore, type Claimed } from './traced-store.js';

const ref = { channel: 'orders', group: 'mail' };
// Plain literals stand for branded types here: this store looks at neither.
const token = { fence: '7', nonce: 'n', pod: 'pod-1' } as unknown as LockToken;
const entryId = '1-0' as CommitItem['entryId'];
const event = (channel: string): OutgoingEvent => ({ channel, id: `${channel}:0`, headers: {}, body: '{}' });

function commitItem(events: OutgoingEvent[], rejected: OutgoingEvent[] = []): CommitItem {
  const onReject = { effects: [], events: rejected };
  return {
    id: messageId('m'),
    entryId,
    token,
    attempt: 1,
    outcome: 'confirmed',
    effects: [],
    events,
    onReject,
  };
}

/** A store that answers what it is told to, and what became of the spans around it. */
function traced(answers: Partial<MessageStore>) {
  const claims: Claimed[] = [];
  const sent: string[] = [];
  let begun = 0;
  let now = 100;
  const clock = { wallMs: () => 5_000, monotonicMs: () => (now += 3), after: () => () => undefined };
  const store = tracedStore(
    answers as MessageStore,
    {
      claimed: (claim) => claims.push(claim),
      sending: (channel) => {
        begun += 1;
        const span = `${channel} ${begun}`;
        return { headers: { span }, sent: () => sent.push(span) };
      },
    },
    clock,
  );
  return { store, claims, sent, begun: () => begun };
}

describe('tracedStore', () => {
  it('tells of what was won, with the times of the call, and of nothing that was lost', async () => {
    const won = { kind: 'won', token } as const;
    const { store, claims } = traced({
      claim: () => Promise.resolve([{ kind: 'busy' }, won, { kind: 'done' }]),
    });
    const envelopes = ['a', 'b', 'c'].map((id) => ({ id: messageId(id), entryId, headers: {}, body: '{}' }));
    await store.claim(ref, { pod: 'pod-1', lockTtlMs: 1, nonce: 'n' }, envelopes);
    expect(claims).toEqual([
      { ref, pod: 'pod-1', envelope: envelopes[1], askedAtMs: 5_000, answeredAtMs: 5_003 },
    ]);
  });

  it('has a span for each channel that a commit sends to, told as sent only when it was', async () => {
    const results: CommitResult[] = [{ kind: 'committed', outcome: 'confirmed' }, { kind: 'stale' }];
    const seen: (readonly CommitItem[])[] = [];
    const { store, sent } = traced({
      commit: (_, items) => {
        seen.push(items);
        return Promise.resolve(results);
      },
    });
    await store.commit(ref, [commitItem([event('x'), event('y'), event('x')]), commitItem([event('z')])]);
    expect(seen[0]?.[0]?.events.map(({ headers }) => headers['span'])).toEqual(['x 1', 'y 2', 'x 1']);
    expect(sent).toEqual(['x 1', 'y 2']);
  });

  it('a rejection that the store decides sends the events of the rejection', async () => {
    const { store, sent } = traced({
      commit: () => Promise.resolve([{ kind: 'committed', outcome: 'rejected', reason: 'short' }]),
    });
    await store.commit(ref, [commitItem([event('yes')], [event('no')])]);
    expect(sent).toEqual(['no 2']);
  });

  it('an item that is offered again carries the same span: the lost answer may be the one that counts', async () => {
    const headers: unknown[] = [];
    const { store, sent, begun } = traced({
      commit: (_, [item]) => {
        headers.push(item?.events[0]?.headers);
        if (headers.length === 1) return Promise.reject(new Error('the answer was lost'));
        return Promise.resolve([{ kind: 'duplicate', outcome: 'confirmed', own: true }]);
      },
    });
    const item = commitItem([event('x')]);
    await expect(store.commit(ref, [item])).rejects.toThrow('the answer was lost');
    await store.commit(ref, [item]);
    expect(headers).toEqual([{ span: 'x 1' }, { span: 'x 1' }]);
    expect({ sent, begun: begun() }).toEqual({ sent: ['x 1'], begun: 1 });
  });

  it.each([
    ['retry', { kind: 'retry', inMs: 5 }, []],
    ['death', { kind: 'dead' }, ['news 1']],
  ] as const)('what tells of a death is sent by a death: %s', async (_, result: FailResult, expected) => {
    const { store, sent } = traced({ fail: () => Promise.resolve([result]) });
    const fault = { kind: 'retryable', error: 'x', maxAttempts: 2, delayMs: 1 } as const;
    const item: FailItem = { id: messageId('m'), entryId, token, ...fault, onDead: [event('news')] };
    await store.fail(ref, [item]);
    expect(sent).toEqual(expected);
  });

  it('passes on as it is what sends nothing', async () => {
    const seen: (readonly CommitItem[])[] = [];
    const { store, begun } = traced({
      commit: (_, items) => {
        seen.push(items);
        return Promise.resolve([{ kind: 'committed', outcome: 'confirmed' }]);
      },
    });
    const item = commitItem([]);
    await store.commit(ref, [item]);
    expect(seen[0]?.[0]).toBe(item);
    expect(begun()).toBe(0);
  });
});
