import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { orderRequestSchema } from './order-request.js';
import { plainOrder } from './plain-order.js';

const id = fc.oneof(
  { weight: 8, arbitrary: fc.stringMatching(/^[\x21-\x7e]{1,10}$/) },
  fc.constantFrom('', ' ', 'a b', '\t', 'é', 'x'.repeat(128), 'x'.repeat(129), '\u007f', '__proto__'),
  fc.constantFrom(null, 5, true, {}, []),
);
const quantity = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 1_000_000 }) },
  fc.constantFrom(0, -1, 1_000_001, 1.5, '1', null, Number.NaN, Infinity, -0),
);
const strange = fc.dictionary(fc.constantFrom('id', 'quantity', 'items', 'orderId', 'more'), fc.anything());
const item = fc.oneof({ weight: 8, arbitrary: fc.record({ id, quantity }) }, strange, fc.anything());
const items = fc.oneof(
  { weight: 8, arbitrary: fc.array(item, { maxLength: 4 }) },
  fc.constantFrom(
    [],
    null,
    {},
    Array.from({ length: 101 }, () => ({ id: 'a', quantity: 1 })),
  ),
);
const body = fc.oneof(
  { weight: 8, arbitrary: fc.record({ orderId: id, items }, { requiredKeys: ['items'] }) },
  strange,
  fc.anything(),
);

describe('plainOrder', () => {
  it('takes nothing that the schema refuses, and reads the same from it', () => {
    let taken = 0;
    fc.assert(
      fc.property(body, (sent) => {
        const plain = plainOrder(sent);
        if (plain === undefined) return;
        taken += 1;
        expect(orderRequestSchema.parse(sent)).toEqual(plain);
      }),
      { numRuns: 2_000 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  it.each([
    { orderId: 'order-1', items: [{ id: 'sku-4711', quantity: 2 }] },
    {
      items: [
        { quantity: 1_000_000, id: '!~' },
        { id: 'b', quantity: 1 },
      ],
    },
    { items: Array.from({ length: 100 }, (_, n) => ({ id: `i${n}`, quantity: 1 })) },
  ])('recognises %j', (sent) => {
    expect(plainOrder(sent)).toEqual({ orderId: undefined, ...sent });
  });

  it.each([
    { orderId: undefined, items: [{ id: 'a', quantity: 1 }] },
    { orderId: 'é', items: [{ id: 'a', quantity: 1 }] },
    { items: [{ id: 'a', quantity: 1, more: 1 }] },
  ])('leaves %j to the schema', (sent) => {
    expect(plainOrder(sent)).toBeUndefined();
  });
});
