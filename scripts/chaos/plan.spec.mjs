import { describe, expect, it } from '@jest/globals';
import { MATRIX } from './matrix.mjs';
import { makePlan } from './plan.mjs';
import { chaosSettings } from './settings.mjs';

const plan = (env) => makePlan(chaosSettings({ SEED: '7', ...env }));
const wantedOf = ({ phases }, row) => phases.reduce((sum, { wanted }) => sum + (wanted[row] ?? 0), 0);

describe('the plan of a campaign', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(plan({})).toEqual(plan({}));
    expect(plan({}).phases[0].injections).not.toEqual(plan({ SEED: '8' }).phases[0].injections);
  });

  it('does not change in one phase when another is left out', () => {
    const whole = plan({}).phases.find(({ phase }) => phase === 'torn');
    const [alone] = plan({ PHASES: 'torn' }).phases;
    expect(alone.injections).toEqual(whole.injections);
  });

  it('asks for every row of the matrix in the default run, and for no fewer than its least number in the long one', () => {
    const usual = plan({});
    const long = plan({ PROFILE: 'long' });
    for (const { row, counts, by } of MATRIX.filter(({ row: each }) => each !== 9)) {
      expect([row, wantedOf(usual, row) > 0]).toEqual([row, true]);
      expect([row, wantedOf(long, row) >= (by === 'phase' ? 1 : counts.long)]).toEqual([row, true]);
    }
    expect(usual.phases.some(({ wanted }) => wanted[9] !== undefined)).toBe(true);
  });

  it('holds as many injections as it asks for', () => {
    for (const { injections, specials, wanted, phase } of plan({}).phases.filter(
      ({ phase }) => phase === 'pods',
    )) {
      for (const { row, by } of MATRIX.filter(({ phases }) => phases.includes(phase))) {
        const planned = [...injections, ...specials].filter((each) => each.row === row).length;
        if (by === 'moment' || by === 'message') expect([row, planned >= wanted[row]]).toEqual([row, true]);
      }
    }
  });

  it('sends at least as many messages as asked', () => {
    const long = plan({ PROFILE: 'long' });
    const sent = long.phases.reduce(
      (sum, { seconds, rate, least }) => sum + Math.max(least, seconds * rate * 0.8),
      0,
    );
    expect(sent).toBeGreaterThanOrEqual(1_000_000);
  });

  it('takes the rows that are named, by number or by a part of the name', () => {
    const { phases } = plan({ FAULTS: '1,redis crash' });
    expect([...new Set(phases.flatMap(({ injections }) => injections.map(({ row }) => row)))].sort()).toEqual(
      [1, 13],
    );
  });

  it('names every poisonous message beforehand', () => {
    const { specials } = plan({ FAULTS: '5,6' }).phases[0];
    expect(specials.filter(({ dies }) => dies).length).toBeGreaterThanOrEqual(3);
    expect(
      specials.filter(
        ({ misbehaviour, dies }) => misbehaviour.do === 'throw' && misbehaviour.times > 3 && !dies,
      ),
    ).toEqual([]);
  });
});

describe('the settings', () => {
  it('names every variable that cannot be used', () => {
    const bad = {
      SEED: 'x',
      RATE: '-1',
      PROFILE: 'huge',
      FAULTS: '31,nothing of the kind',
      PHASES: 'lunch',
      KEEP: 'yes',
    };
    expect(() => chaosSettings(bad)).toThrow(/SEED[^]*RATE|PROFILE[^]*SEED/);
    for (const name of Object.keys(bad)) expect(() => chaosSettings({ [name]: bad[name] })).toThrow(name);
  });

  it('gives CI the same seed each time', () => {
    expect(chaosSettings({ PROFILE: 'ci' }).seed).toBe(chaosSettings({ PROFILE: 'ci' }).seed);
  });
});
