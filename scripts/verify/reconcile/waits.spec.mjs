import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TimeSeries } from './time-series.mjs';
import { Waits } from './waits.mjs';

test('percentiles are at most 3% off the real ones', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 10_000_000 }), { minLength: 1, maxLength: 300 }),
      fc.constantFrom(0.5, 0.9, 0.99, 0.999),
      (values, share) => {
        const waits = new Waits();
        for (const value of values) waits.add(value);
        const exact = [...values].sort((one, other) => one - other)[Math.ceil(share * values.length) - 1];
        expect(waits.percentile(share)).toBeGreaterThanOrEqual(exact * 0.97);
        expect(waits.percentile(share)).toBeLessThanOrEqual(exact * 1.03);
      },
    ),
  );
});

test('the columns of the histogram hold every wait', () => {
  const waits = new Waits();
  const values = [-5, 0, 0.5, 1, 1.4, 2, 3, 100, 1e9, 1e15];
  for (const value of values) waits.add(value);
  const columns = waits.columns();
  expect(columns.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
  expect(waits).toMatchObject({ negative: 1, mostNegativeMs: -5, longestMs: 1e15 });
});

test('no waits at all have no percentiles and no columns', () => {
  const waits = new Waits();
  expect(waits.percentile(0.99)).toBe(0);
  expect(waits.columns()).toEqual([]);
});

test('a series over any time keeps every count in few columns', () => {
  const series = new TimeSeries();
  for (let index = 0; index < 20_000; index += 1)
    series.add(index % 2 ? 'odd' : 'even', 1e12 + index * index);
  series.add('odd', Number.NaN);
  const columns = series.columns();
  expect(columns.length).toBeLessThanOrEqual(400);
  expect(columns.reduce((sum, { counts }) => sum + (counts.odd ?? 0), 0)).toBe(10_000);
  expect(columns.map(({ at }) => at)).toEqual(columns.map(({ at }) => at).sort((one, other) => one - other));
});
