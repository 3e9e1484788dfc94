import { beforeEach, describe, expect, it } from '@jest/globals';
import { consumerDeps, FakeClock, InMemoryBackend } from '@onlyonce/testing';
import { messageId } from '../ids.js';
import type { Bell } from '../ports/feed.js';
import type { Crew } from './backlog-scanner.js';
import { consumerOptions } from './consumer-options.js';
import { InFlight } from './in-flight.js';
import { PullClaimer } from './pull-claimer.js';

const LONGEST_WAIT_MS = 25;

describe('pods that pull', () => {
  let clock: FakeClock;
  beforeEach(() => {
    clock = new FakeClock();
  });

  /** A pod that counts its pulls, all of which find nothing. */
  function pod(crew: Crew): { claimer: PullClaimer; pulls: () => number } {
    const options = consumerOptions({ channel: 'c', group: 'g', pod: 'p', maxInFlight: 16, maxBatch: 16 });
    const backend = new InMemoryBackend({ clock });
    let pulls = 0;
    backend.store.pull = () => {
      pulls += 1;
      return Promise.resolve([]);
    };
    const claimer = new PullClaimer(
      {
        deps: consumerDeps(backend, clock),
        options,
        ref: { channel: 'c', group: 'g' },
        inFlight: new InFlight(options),
        signal: new AbortController().signal,
        hooks: { won: () => Promise.resolve(), fellBehind: () => undefined },
      },
      () => crew,
    );
    return { claimer, pulls: () => pulls };
  }

  // Even digits only: the lowest bit of FNV-1a is no more than the parity of the text, and one pod would get all.
  it.each([2, 3])('answer each bell at once, one of %d each, and all in turn', async (livePods) => {
    const pods = Array.from({ length: livePods }, (_, podIndex) => pod({ livePods, podIndex }));
    const ids = Array.from(
      { length: 300 },
      (_, n) => `order-${n.toString(5).replaceAll(/\d/g, (d) => `${2 * Number(d)}`)}`,
    );
    for (const [n, id] of ids.entries()) {
      for (const { claimer } of pods) claimer.rung(bells(id));
      await clock.advance(0);
      expect(pods.reduce((sum, { pulls }) => sum + pulls(), 0)).toBe(n + 1);
    }
    for (const { pulls } of pods) expect(pulls()).toBeGreaterThan(ids.length / livePods / 2);
  });

  it('look a little later at what rang for another, once for all of it, in case it is gone', async () => {
    const [ours, theirs] = [pod({ livePods: 2, podIndex: 0 }), pod({ livePods: 2, podIndex: 1 })];
    const ids = Array.from({ length: 50 }, (_, n) => `order-${n}`);
    for (const id of ids) {
      ours.claimer.rung(bells(id));
      await clock.advance(0);
    }
    const atOnce = ours.pulls();
    expect(atOnce).toBeLessThan(ids.length);
    await clock.advance(LONGEST_WAIT_MS);
    expect(ours.pulls()).toBe(atOnce + 1);
    await clock.advance(10 * LONGEST_WAIT_MS);
    expect(ours.pulls()).toBe(atOnce + 1);
    expect(theirs.pulls()).toBe(0);
  });

  it('wait for nobody when alone', async () => {
    const { claimer, pulls } = pod({ livePods: 1, podIndex: 0 });
    claimer.rung(bells('a'));
    await clock.advance(0);
    expect(pulls()).toBe(1);
  });

  it('pull for all that rang meanwhile when one pull ends', async () => {
    const { claimer, pulls } = pod({ livePods: 1, podIndex: 0 });
    for (const id of ['a', 'b', 'c']) claimer.rung(bells(id));
    await clock.advance(0);
    expect(pulls()).toBe(2);
  });

  it('look at nothing once they have stopped', async () => {
    const [first, other] = [pod({ livePods: 1, podIndex: 0 }), pod({ livePods: 2, podIndex: 0 })];
    for (let n = 0; n < 50; n += 1) other.claimer.rung(bells(`order-${n}`));
    await Promise.all([first.claimer.stop(), other.claimer.stop()]);
    expect(clock.waiting).toBe(0);
    const before = other.pulls();
    first.claimer.rung(bells('a'));
    await clock.advance(LONGEST_WAIT_MS);
    expect(first.pulls()).toBe(0);
    expect(other.pulls()).toBe(before);
  });
});

function bells(id: string): Bell[] {
  return [{ id: messageId(id), headers: {} }];
}
