import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { idOf, itemsOf, madeAtMs, messageOf, sequenceOf } from './messages.mjs';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('messages', () => {
  it('have a UUIDv7 that tells their sequence number and when they were made', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 47 }),
        fc.integer({ min: 1, max: 2 ** 47 }),
        (sequence, at) => {
          const id = idOf(sequence, at);
          expect(id).toMatch(UUID_V7);
          expect(sequenceOf(id)).toBe(sequence);
          expect(madeAtMs(id)).toBe(at);
        },
      ),
    );
  });

  it('are orders of two different items, of about 120 bytes', () => {
    for (const sequence of [0, 1, 99, 12_345, 9_999_999]) {
      const [first, second] = itemsOf(sequence);
      expect(first.id).not.toBe(second.id);
      expect(JSON.stringify(messageOf(sequence)).length).toBeGreaterThan(105);
      expect(JSON.stringify(messageOf(sequence)).length).toBeLessThan(130);
    }
  });
});
