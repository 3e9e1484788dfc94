import { describe, expect, it } from '@jest/globals';
import { FakeClock, InMemoryBackend, RecordingTelemetry } from '@onlyonce/testing';
import { messageId } from '../ids.js';
import { noCrashPoints } from '../ports/crash-points.js';
import type { Bell } from '../ports/feed.js';
import { systemRandom } from '../ports/random.js';
import { noTracer } from '../ports/telemetry.js';
import type { Crew } from './backlog-scanner.js';
import { consumerOptions } from './consumer-options.js';
import { InFlight } from './in-flight.js';
import { PullClaimer } from './pull-claimer.js';

const LONGEST_WAIT_MS = 25;

describe('pods that pull', () => {
  const clock = new FakeClock();

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
        deps: {
          store: backend.store,
          feed: backend.feed,
          clock,
          random: systemRandom,
          telemetry: new RecordingTelemetry(),
          tracer: noTracer,
          crashPoints: noCrashPoints,
        },
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

  it('answer each bell at once, one of them each, and all in turn', async () => {
    const pods = [0, 1, 2].map((podIndex) => pod({ livePods: 3, podIndex }));
    for (let n = 0; n < 300; n += 1) {
      for (const { claimer } of pods) claimer.rung(bells(`order-${n}`));
      await clock.advance(0);
      expect(pods.reduce((sum, { pulls }) => sum + pulls(), 0)).toBe(n + 1);
    }
    for (const { pulls } of pods) expect(pulls()).toBeGreaterThan(60);
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
