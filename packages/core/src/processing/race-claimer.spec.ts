import { describe, expect, it } from '@jest/globals';
import { consumerDeps, FakeClock, InMemoryBackend } from '@onlyonce/testing';
import { messageId, type EntryId } from '../ids.js';
import type { Envelope } from '../ports/feed.js';
import type { ClaimResult } from '../ports/message-store.js';
import { consumerOptions } from './consumer-options.js';
import { InFlight } from './in-flight.js';
import { RaceClaimer } from './race-claimer.js';

const MOST_HEARD = 4 * 16;

describe('a race under a load that never pauses', () => {
  it('reads the backlog for what it dropped, although something heard always waits', async () => {
    const options = consumerOptions({ channel: 'c', group: 'g', pod: 'p', maxInFlight: 16, maxBatch: 16 });
    const clock = new FakeClock();
    const backend = new InMemoryBackend({ clock });
    /** Claims are answered by hand: somebody else has them all. */
    const calls: (() => void)[] = [];
    backend.store.claim = (_ref, _request, envelopes) =>
      new Promise<ClaimResult[]>((resolve) => {
        calls.push(() => {
          resolve(envelopes.map(() => ({ kind: 'busy' })));
        });
      });
    let fellBehind = 0;
    const claimer = new RaceClaimer({
      deps: consumerDeps(backend, clock),
      options,
      ref: { channel: 'c', group: 'g' },
      inFlight: new InFlight(options),
      signal: new AbortController().signal,
      hooks: { won: () => Promise.resolve(), fellBehind: () => (fellBehind += 1) },
    });
    const asked = async (count: number): Promise<void> => {
      while (calls.length < count) await Promise.resolve();
    };
    const answer = async (): Promise<void> => {
      const next = calls.length + 1;
      calls.at(-1)?.();
      await asked(next);
    };

    claimer.heard(envelopes(MOST_HEARD + 30));
    await asked(1);
    expect(fellBehind).toBe(0);
    await answer();
    await answer();
    // 48 of the 64 have been asked for, and the rest still waits.
    expect(fellBehind).toBe(1);
    await answer();
    expect(fellBehind).toBe(1);
  });
});

function envelopes(count: number): Envelope[] {
  return Array.from({ length: count }, (_, n) => ({
    id: messageId(`m${n}`),
    entryId: `1-${n}` as EntryId,
    headers: {},
    body: '{}',
  }));
}
