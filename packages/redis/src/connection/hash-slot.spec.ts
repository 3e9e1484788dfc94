import { expect, test } from '@jest/globals';
import { hashSlot } from './hash-slot.js';

// Expected values are what CLUSTER KEYSLOT of Redis 7.0 answers.
test.each([
  ['', 0],
  ['123456789', 12739],
  ['{shop}', 3808],
  ['{shop}:orders:g:log', 3808],
  ['a{}b', 13694],
  ['{', 4092],
  ['schlüssel', 7677],
])('the slot of %j is %d', (key, slot) => {
  expect(hashSlot(key)).toBe(slot);
});
