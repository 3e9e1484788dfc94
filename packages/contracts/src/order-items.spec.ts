import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalItems, MAX_QUANTITY } from './order-items.js';

describe('canonicalItems', () => {
  it('sums the units of a repeated id and sorts by id', () => {
    const items = [
      { id: 'b', quantity: 2 },
      { id: 'a', quantity: 1 },
      { id: 'b', quantity: 3 },
    ];
    expect(canonicalItems(items)).toEqual({
      kind: 'canonical',
      items: [
        { id: 'a', quantity: 1 },
        { id: 'b', quantity: 5 },
      ],
    });
  });

  it('names the item whose sum is more than one order may take', () => {
    const items = [
      { id: 'a', quantity: MAX_QUANTITY },
      { id: 'a', quantity: 1 },
    ];
    expect(canonicalItems(items)).toEqual({ kind: 'too-many-units', itemId: 'a' });
  });

  it('treats names of object prototypes as ids like any other', () => {
    const items = ['__proto__', 'constructor', 'prototype', 'toString'].map((id) => ({ id, quantity: 1 }));
    const result = canonicalItems([...items, ...items]);
    expect(result).toEqual({
      kind: 'canonical',
      items: ['__proto__', 'constructor', 'prototype', 'toString'].map((id) => ({ id, quantity: 2 })),
    });
  });

  it('gives the same bytes for any sequence of the same items, and for its own result', () => {
    const item = fc.record({
      id: fc.string({ minLength: 1, maxLength: 3 }),
      quantity: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(
        fc.array(item, { minLength: 1, maxLength: 20 }),
        fc.array(fc.nat(), { minLength: 20, maxLength: 20 }),
        (items, places) => {
          const shuffled = items
            .map((entry, n) => ({ entry, at: places[n] ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ entry }) => entry);
          const first = canonicalItems(items);
          expect(JSON.stringify(canonicalItems(shuffled))).toBe(JSON.stringify(first));
          if (first.kind === 'canonical') expect(canonicalItems(first.items)).toEqual(first);
        },
      ),
    );
  });
});
