import { describe, expect, it } from '@jest/globals';
import { messageId, type EntryId, type FencingToken } from '../ids.js';
import { Delivery } from './delivery.js';
import { InFlight } from './in-flight.js';

const delivery = (id: string, takeovers = 0): Delivery => {
  const envelope = { id: messageId(id), entryId: '1-1' as EntryId, headers: {}, body: '{}' };
  const token = { fence: '1' as FencingToken, nonce: 'n', pod: 'p' };
  return new Delivery(envelope, token, 1_000, 0, 950, 0, takeovers);
};

describe('InFlight', () => {
  it('runs no more than allowed at the same time', () => {
    const inFlight = new InFlight({ concurrency: 2, maxInFlight: 10 });
    for (const id of ['a', 'b', 'c']) inFlight.add(delivery(id));
    const started = [inFlight.start(), inFlight.start(), inFlight.start()];
    expect(started.map((each) => each?.envelope.id)).toEqual(['a', 'b', undefined]);
    inFlight.ran();
    expect(inFlight.start()?.envelope.id).toBe('c');
  });

  it('has room for as many that wait as run: a slow pod must not hoard what idle pods could do', () => {
    const inFlight = new InFlight({ concurrency: 2, maxInFlight: 10 });
    expect(inFlight.room).toBe(4);
    for (const id of ['a', 'b', 'c']) inFlight.add(delivery(id));
    inFlight.start();
    expect(inFlight.room).toBe(1);
  });

  it('has no room beyond the limit, however many of them only wait for the store', () => {
    const inFlight = new InFlight({ concurrency: 2, maxInFlight: 3 });
    for (const id of ['a', 'b', 'c']) {
      inFlight.add(delivery(id));
      inFlight.start();
      inFlight.ran();
    }
    expect(inFlight.room).toBe(0);
  });

  it('counts suspects', () => {
    const inFlight = new InFlight({ concurrency: 2, maxInFlight: 10 });
    for (const [id, takeovers] of [
      ['a', 2],
      ['b', 3],
      ['c', 4],
    ] as const)
      inFlight.add(delivery(id, takeovers));
    expect(inFlight.suspects).toBe(2);
  });

  it('keeps a message that this pod claimed again apart from the run that lost its lock', () => {
    const inFlight = new InFlight({ concurrency: 2, maxInFlight: 10 });
    const [older, newer] = [delivery('a'), delivery('a', 1)];
    inFlight.add(older);
    inFlight.start();
    expect(inFlight.add(newer)).toBe(older);
    expect([...inFlight.values()]).toEqual([newer]);
    inFlight.remove(older);
    expect(inFlight.has('a')).toBe(true);
    expect(inFlight.size).toBe(1);
    inFlight.remove(newer);
    expect(inFlight.size).toBe(0);
  });

  it('does not run a delivery that lost its lock to a newer one before it started', () => {
    const inFlight = new InFlight({ concurrency: 2, maxInFlight: 10 });
    const newer = delivery('a', 1);
    inFlight.add(delivery('a'));
    expect(inFlight.add(newer)).toBeUndefined();
    expect([inFlight.start(), inFlight.start()]).toEqual([newer, undefined]);
    expect(inFlight.size).toBe(1);
  });

  it('tells when the last one is gone', async () => {
    const inFlight = new InFlight({ concurrency: 2, maxInFlight: 10 });
    await inFlight.whenEmpty();
    const [a, b] = [delivery('a'), delivery('b')];
    inFlight.add(a);
    inFlight.add(b);
    let empty = false;
    const waiting = inFlight.whenEmpty().then(() => {
      empty = true;
    });
    inFlight.remove(a);
    await Promise.resolve();
    expect(empty).toBe(false);
    inFlight.remove(b);
    await waiting;
    expect(empty).toBe(true);
  });

  it('gives out what has not started, and nothing else', () => {
    const inFlight = new InFlight({ concurrency: 1, maxInFlight: 10 });
    for (const id of ['a', 'b', 'c']) inFlight.add(delivery(id));
    inFlight.start();
    expect(inFlight.takeReady().map(({ envelope }) => envelope.id)).toEqual(['b', 'c']);
    expect([...inFlight.values()].map(({ envelope }) => envelope.id)).toEqual(['a']);
  });
});
