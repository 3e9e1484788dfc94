import { describe, expect, it } from '@jest/globals';
import { planLayout } from './layout.js';

const WEEK_MS = 7 * 86_400_000;

describe('planLayout', () => {
  it.each([
    [100, 64],
    [1_000, 8],
    [2_000, 4],
  ])('at %i messages/s slices last %i ms, so that a bucket holds about 8 ids', (rate, sliceMs) => {
    expect(planLayout(rate, WEEK_MS).sliceMs).toBe(sliceMs);
  });

  it('keeps slices short enough for their field to tell all ids apart', () => {
    expect(planLayout(1e-6, WEEK_MS).sliceMs).toBeLessThanOrEqual(2 ** 24);
  });

  it('has one endless generation when ids are remembered for ever', () => {
    expect(planLayout(1_000, Infinity).generationMs).toBe(0);
    expect(planLayout(1_000, WEEK_MS).generationMs).toBe(WEEK_MS);
  });
});
