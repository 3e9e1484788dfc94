import { describe, expect, it } from '@jest/globals';
import { levelOf, setStockSchema } from './stock.js';

describe('levelOf', () => {
  it.each([
    ['0', 0],
    ['1000000000', 1_000_000_000],
    ['-1', -1],
    ['', null],
    ['1.5', null],
    ['many', null],
    ['1e3', null],
  ])('reads %j as %j', (stored, available) => {
    expect(levelOf('a', stored)).toEqual({ id: 'a', available });
  });
});

describe('setStockSchema', () => {
  it.each([0, 1, 1_000_000_000])('takes %d', (quantity) => {
    expect(setStockSchema.safeParse({ quantity }).success).toBe(true);
  });
  it.each([-1, 1_000_000_001, 0.5, '1', null])('refuses %j', (quantity) => {
    expect(setStockSchema.safeParse({ quantity }).success).toBe(false);
  });
});
