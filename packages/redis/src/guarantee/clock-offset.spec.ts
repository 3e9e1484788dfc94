import { expect, test } from '@jest/globals';
import { clockOffsetMs } from './clock-offset.js';

test('half the round trip is taken off', () => {
  expect(clockOffsetMs(['1700000000', '250000'], 1_700_000_000_000, 100)).toBe(200);
});

test('a reply that is no time is no offset', () => {
  expect(clockOffsetMs(['x', ''], 0, 0)).toBeUndefined();
});
