import { describe, expect, it } from '@jest/globals';
import { makePlan } from './plan.mjs';
import { emptyResult } from './result.mjs';
import { chaosSettings } from './settings.mjs';
import { summaryOf, summaryText } from './summary.mjs';

const plan = makePlan(chaosSettings({ SEED: '1', PHASES: 'pods', FAULTS: '1,9,13' }));
const done = (crashes, kills) => ({
  ...emptyResult('pods'),
  done: new Map([
    [1, crashes],
    [9, 5],
    [13, kills],
  ]),
  messages: 7,
});

describe('the summary', () => {
  it('calls everything that was planned and not done wrong, unless it says why it was skipped', () => {
    expect(summaryOf(plan, [done(10, 4)]).wrongs).toEqual([]);
    expect(summaryOf(plan, [done(9, 4)]).wrongs).toEqual(['row 1: 10 wanted, 9 done, 0 skipped']);
    const skipped = { ...done(10, 3), skipped: new Map([[13, new Map([['no server', 1]])]]) };
    const summary = summaryOf(plan, [skipped]);
    expect(summary.wrongs).toEqual([]);
    expect(summaryText(summary)).toMatch(/13 {2}Redis crash +4 +3 +1 no server/);
  });

  it('says why a row was not part of the run', () => {
    const text = summaryText(summaryOf(plan, [done(10, 4)]));
    expect(text).toMatch(/21 {2}split brain +not asked for/);
    expect(text).toMatch(/9 {2}duplicates +10 % +5/);
  });

  it('tells what is wrong with its phase', () => {
    const summary = summaryOf(plan, [{ ...done(10, 4), wrongs: ['x was lost'] }]);
    expect(summary.wrongs).toEqual(['pods: x was lost']);
  });
});
