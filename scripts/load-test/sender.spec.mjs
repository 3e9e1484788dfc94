import { beforeEach, describe, expect, it } from '@jest/globals';
import { figuresOf, overTime } from './figures.mjs';
import { ENDING, FATE, Ledger } from './ledger.mjs';
import { ClosedLoop, OpenLoop } from './schedule.mjs';
import { Sender } from './sender.mjs';

/** Time that passes only when something is waited for. */
class StandInTime {
  #now = 0;
  #alarms = [];

  now = () => this.#now;

  wait = (ms, wake) => {
    this.#alarms.push({ at: this.#now + Math.max(0, ms), wake, order: this.#alarms.length });
  };

  sleep = (ms) => new Promise((resolve) => this.wait(ms, resolve));

  /** Runs until the promise is settled. */
  async runs(promise) {
    let done = false;
    promise.finally(() => {
      done = true;
    });
    for (;;) {
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
      if (done) return promise;
      this.#alarms.sort((one, other) => one.at - other.at || one.order - other.order);
      const next = this.#alarms.shift();
      if (!next) throw new Error('nothing is waited for, and it is not done');
      this.#now = next.at;
      next.wake();
    }
  }
}

const ACCEPTED = { kind: 'accepted', duplicate: false };
const DUPLICATE = { kind: 'accepted', duplicate: true };

let time;
let ledger;
beforeEach(() => {
  time = new StandInTime();
  ledger = new Ledger(100);
});

/** A service that takes ten milliseconds for each request, one after the other. */
function slowService() {
  let freeAt = 0;
  return async () => {
    freeAt = Math.max(freeAt, time.now()) + 10;
    await time.sleep(freeAt - time.now());
    return ACCEPTED;
  };
}

const run = (schedule, how) =>
  time.runs(
    new Sender({
      ...{ schedule, connections: 4, retries: 2, time },
      answered: (job, answer, last) => ledger.answered(job, answer, { last, at: time.now() }),
      ...how,
    }).run(),
  );

describe('an open loop beyond capacity', () => {
  it('counts latency from the moment intended: it grows with the queue, though every request takes the same', async () => {
    await run(new OpenLoop({ count: 100, perSecond: 1_000, duplicates: 0 }), { post: slowService() });
    for (let number = 0; number < 100; number += 1) {
      expect(ledger.intendedAt[number]).toBe(number);
      expect(ledger.answeredAt[number]).toBe(10 * (number + 1));
    }
    const { latencyMs, acceptedPerSecond } = figuresOf(ledger);
    // The last of 100 was due at 99 ms and is answered at 1,000.
    expect(latencyMs.postToAnswer).toEqual({
      count: 100,
      p50: 451,
      p90: 811,
      p99: 892,
      p999: 901,
      longest: 901,
    });
    expect(acceptedPerSecond).toBe(100);
    expect(latencyMs.waitedToBeSent.longest).toBe(861);
  });

  it('shows in every window of time', async () => {
    await run(new OpenLoop({ count: 100, perSecond: 100, duplicates: 0 }), {
      post: async () => time.sleep(50).then(() => ACCEPTED),
      connections: 1,
    });
    const { windows } = overTime(ledger);
    const medians = windows.filter(({ answer }) => answer.count > 0).map(({ answer }) => answer.p50);
    expect(medians).toEqual([...medians].sort((one, other) => one - other));
    expect(medians.at(-1)).toBeGreaterThan(10 * medians[0]);
  });

  it('a closed loop on the same service shows nothing of it', async () => {
    await run(new ClosedLoop({ count: 100, duplicates: 0 }), { post: slowService() });
    expect(figuresOf(ledger).latencyMs.postToAnswer.longest).toBe(40);
  });

  it('never uses more connections than allowed', async () => {
    let open = 0;
    let most = 0;
    const post = async () => {
      most = Math.max(most, (open += 1));
      await time.sleep(10);
      open -= 1;
      return ACCEPTED;
    };
    await run(new OpenLoop({ count: 100, perSecond: 100_000, duplicates: 0.5 }), { post });
    expect(most).toBe(4);
    expect(figuresOf(ledger).repeats.answered).toBe(50);
  });
});

describe('an outcome that is unknown', () => {
  const answers =
    (...list) =>
    async () => {
      await time.sleep(1);
      return list.shift() ?? ACCEPTED;
    };
  const one = () => new ClosedLoop({ count: 1, duplicates: 0 });
  const TIMEOUT = { kind: 'unknown', error: 'timeout' };

  it('is tried again with the same id, and its latency counts from the first try', async () => {
    await run(one(), { post: answers(TIMEOUT, { kind: 'unknown', error: '503' }, DUPLICATE) });
    expect(ledger.fate[0]).toBe(FATE.accepted);
    expect(ledger.answeredAt[0] - ledger.intendedAt[0]).toBe(1 + 100 + 1 + 200 + 1);
    expect(figuresOf(ledger).errors).toEqual({ 503: 1, timeout: 1 });
  });

  it('stays unknown when every try fails', async () => {
    await run(one(), { post: answers(TIMEOUT, TIMEOUT, TIMEOUT) });
    expect(figuresOf(ledger)).toMatchObject({ accepted: 0, unknown: 1, refused: 0, tries: 3 });
  });

  it('does not become refused by a refusal of a later try', async () => {
    await run(one(), { post: answers(TIMEOUT, { kind: 'refused', error: '401' }) });
    expect(figuresOf(ledger)).toMatchObject({ unknown: 1, refused: 0 });
  });

  it('a refusal of the first try is one, and is not tried again', async () => {
    await run(one(), { post: answers({ kind: 'refused', error: '400' }) });
    expect(figuresOf(ledger)).toMatchObject({ unknown: 0, refused: 1, tries: 1, errors: { 400: 1 } });
  });
});

describe('the ledger', () => {
  const job = { number: 3, again: false, attempt: 1, intendedAt: 0, sentAt: 0 };

  it('sees an order that is answered as new twice', () => {
    for (const at of [1, 2]) ledger.answered(job, ACCEPTED, { last: true, at });
    expect(figuresOf(ledger)).toMatchObject({ acceptedTwice: 1, accepted: 1 });
  });

  it('takes the first settlement, and counts no second', () => {
    ledger.answered(job, ACCEPTED, { last: true, at: 1 });
    expect(ledger.acceptedOpen).toBe(1);
    expect(ledger.settledAs(3, ENDING.processed, 5)).toBe(true);
    expect(ledger.settledAs(3, ENDING.processed, 9)).toBe(false);
    expect(figuresOf(ledger)).toMatchObject({
      settled: 1,
      latencyMs: { postToEffect: { p50: 5, longest: 5 } },
    });
    expect(ledger.acceptedOpen).toBe(0);
  });
});
