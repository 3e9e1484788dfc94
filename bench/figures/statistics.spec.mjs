import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { median, orderOfRound, pairedRatio, percentile, spread } from './statistics.mjs';

const numbers = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 });

describe('median', () => {
  it('is the value in the middle, or the mean of the two in the middle, in whatever order', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([10, 9])).toBe(9.5);
    expect(median([])).toBeNaN();
  });

  it('leaves the values it was given as they are', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('lies between the least and the most', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const { median: middle, least, most } = spread(values);
        return least <= middle && middle <= most;
      }),
    );
  });
});

describe('percentile', () => {
  it('takes the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile(hundred, 0.999)).toBe(100);
    expect(percentile([7], 0)).toBe(7);
    expect(percentile([], 0.5)).toBeNaN();
  });

  it('has at least its share of the values at or below it, and fewer below', () => {
    fc.assert(
      fc.property(numbers, fc.double({ noNaN: true, min: 0.01, max: 1 }), (values, share) => {
        const found = percentile(values, share);
        const within = values.filter((value) => value <= found).length;
        const below = values.filter((value) => value < found).length;
        return within >= share * values.length && below < share * values.length;
      }),
    );
  });
});

describe('pairedRatio', () => {
  it('compares within a round: both sides slow in one round leave the ratio as it is', () => {
    const ours = new Map([
      [0, 100],
      [1, 10],
      [2, 100],
    ]);
    const theirs = new Map([
      [0, 50],
      [1, 5],
      [2, 25],
    ]);
    expect(pairedRatio(ours, theirs)).toEqual({ median: 2, least: 2, most: 4, runs: 3 });
  });

  it('leaves out rounds in which one side is missing or stood still', () => {
    const ours = new Map([
      [0, 10],
      [1, 10],
      [2, 10],
    ]);
    const theirs = new Map([
      [0, 5],
      [2, 0],
    ]);
    expect(pairedRatio(ours, theirs)).toEqual({ median: 2, least: 2, most: 2, runs: 1 });
  });
});

describe('orderOfRound', () => {
  it('has everybody once per round, and nobody always first', () => {
    const all = ['a', 'b', 'c'];
    const rounds = [0, 1, 2, 3].map((round) => orderOfRound(all, round));
    for (const round of rounds) expect([...round].sort()).toEqual(all);
    expect(new Set(rounds.map(([first]) => first)).size).toBeGreaterThan(1);
    expect(orderOfRound([], 3)).toEqual([]);
  });

  it('follows each order by its mirror image', () => {
    const orders = (/** @type {string[]} */ all) =>
      [0, 1, 2, 3].map((round) => orderOfRound(all, round).join(''));
    expect(orders(['a', 'b'])).toEqual(['ab', 'ba', 'ba', 'ab']);
    expect(orders(['a', 'b', 'c'])).toEqual(['abc', 'cba', 'bca', 'acb']);
  });
});
