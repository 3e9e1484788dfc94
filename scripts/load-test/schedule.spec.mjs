import { describe, expect, it, test } from '@jest/globals';
import { ClosedLoop, OpenLoop, repeats } from './schedule.mjs';

const jobsOf = (schedule, now) => {
  const jobs = [];
  for (let job = schedule.take(now); job; job = schedule.take(now)) jobs.push(job);
  return jobs;
};

describe('repeats', () => {
  test.each([
    [1_000, 0],
    [1_000, 0.2],
    [1_000, 0.333],
    [1_000, 1],
    [7, 0.5],
  ])('of %i orders the share %d is sent again, half at once and half late', (count, share) => {
    const kindOf = repeats(count, share);
    const kinds = Array.from({ length: count }, (_, number) => kindOf(number));
    const of = (kind) => kinds.filter((one) => one === kind).length;
    expect(of('at-once') + of('late')).toBe(Math.round(count * share));
    expect(Math.abs(of('at-once') - of('late'))).toBeLessThanOrEqual(1);
    expect(kindOf(count)).toBe('no');
  });
});

describe('the open loop', () => {
  it('has each order due at its own moment, whenever it is asked', () => {
    const schedule = new OpenLoop({ count: 5, perSecond: 100, duplicates: 0 });
    schedule.begin(1_000);
    expect(jobsOf(schedule, 1_019).map(({ intendedAt }) => intendedAt)).toEqual([1_000, 1_010]);
    expect(schedule.nextAt()).toBe(1_020);
    // Asked far too late: the moments are those intended.
    expect(jobsOf(schedule, 9_000).map(({ intendedAt }) => intendedAt)).toEqual([1_020, 1_030, 1_040]);
    expect(schedule.nextAt()).toBe(Infinity);
  });

  it('sends what is sent again at the same moment, or a second later, each once', () => {
    const schedule = new OpenLoop({ count: 4, perSecond: 10, duplicates: 1 });
    schedule.begin(0);
    expect(jobsOf(schedule, 10_000)).toEqual([
      { number: 0, again: false, intendedAt: 0 },
      { number: 0, again: true, intendedAt: 0 },
      { number: 1, again: false, intendedAt: 100 },
      { number: 2, again: false, intendedAt: 200 },
      { number: 2, again: true, intendedAt: 200 },
      { number: 3, again: false, intendedAt: 300 },
      { number: 1, again: true, intendedAt: 1_100 },
      { number: 3, again: true, intendedAt: 1_300 },
    ]);
    expect(schedule.total).toBe(8);
  });
});

describe('the closed loop', () => {
  it('has the next one due whenever it is asked, and repeats at once or at the end', () => {
    const schedule = new ClosedLoop({ count: 3, duplicates: 1 });
    expect(jobsOf(schedule, 7).map(({ number, again }) => [number, again])).toEqual([
      [0, false],
      [0, true],
      [1, false],
      [2, false],
      [2, true],
      [1, true],
    ]);
    expect(schedule.nextAt()).toBe(Infinity);
  });

  it('sends late repeats 500 orders later', () => {
    const schedule = new ClosedLoop({ count: 2_000, duplicates: 0.001 });
    const jobs = jobsOf(schedule, 0);
    const [, second] = jobs.filter(({ again }) => again);
    const at = jobs.indexOf(second);
    expect(jobs[at - 1].number - second.number).toBe(499);
  });
});
