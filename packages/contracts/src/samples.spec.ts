import { describe, expect, it } from '@jest/globals';
import {
  orderPlacedSchema,
  orderSettledSchema,
  sampleOrderConfirmed,
  sampleOrderFailed,
  sampleOrderPlaced,
  sampleOrderRejected,
} from './index.js';

describe('the sample payloads', () => {
  it('fit their schemas and come through unchanged', () => {
    expect(orderPlacedSchema.parse(sampleOrderPlaced)).toEqual(sampleOrderPlaced);
    for (const sample of [sampleOrderConfirmed, sampleOrderRejected, sampleOrderFailed]) {
      expect(orderSettledSchema.parse(sample)).toEqual(sample);
    }
  });
});

describe('the schemas', () => {
  const faultsOf = (value: unknown): string[] => {
    const result = orderPlacedSchema.safeParse(value);
    return result.success
      ? []
      : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  };

  it('name every wrong field at once', () => {
    const faults = faultsOf({
      orderId: 'a b',
      items: [
        { id: '', quantity: 0 },
        { id: 'x', quantity: 1.5 },
      ],
    });
    expect(new Set(faults)).toEqual(
      new Set([
        'orderId: must be 1 to 128 printable characters without spaces',
        'items.0.id: must be 1 to 128 printable characters without spaces',
        'items.0.quantity: must be an integer from 1 to 1000000',
        'items.1.quantity: must be an integer from 1 to 1000000',
      ]),
    );
  });

  it('refuse unknown fields, prototype keys among them', () => {
    const smuggled: unknown = JSON.parse(
      '{"orderId":"o","items":[{"id":"a","quantity":1}],"__proto__":{"x":1}}',
    );
    expect(faultsOf(smuggled)).toHaveLength(1);
    expect(faultsOf({ ...sampleOrderPlaced, note: 'x' })).toHaveLength(1);
    expect(faultsOf({ orderId: 'o', items: [{ id: 'a', quantity: 1, price: 1 }] })).toHaveLength(1);
  });

  it.each(['x'.repeat(128), 'Größe-7', '#1/2?&=%', '__proto__', '..', '日本語'])('accept the id %s', (id) => {
    expect(faultsOf({ orderId: id, items: [{ id, quantity: 1 }] })).toEqual([]);
  });

  it.each(['', 'x'.repeat(129), 'a b', 'a\tb', 'a\nb', '\u0000', 'a\u00a0b', 'zero\u200bwidth', '\ud800'])(
    'refuse the id %j',
    (id) => {
      expect(faultsOf({ orderId: id, items: [{ id: 'a', quantity: 1 }] })).not.toEqual([]);
    },
  );

  it.each([0, -1, 1_000_001, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '1', null, 2 ** 53])(
    'refuse the quantity %s',
    (quantity) => {
      expect(faultsOf({ orderId: 'o', items: [{ id: 'a', quantity }] })).not.toEqual([]);
    },
  );

  it('take 1 to 100 items', () => {
    const items = (count: number) => Array.from({ length: count }, (_, n) => ({ id: `i${n}`, quantity: 1 }));
    expect(faultsOf({ orderId: 'o', items: items(100) })).toEqual([]);
    expect(faultsOf({ orderId: 'o', items: items(101) })).not.toEqual([]);
    expect(faultsOf({ orderId: 'o', items: [] })).not.toEqual([]);
  });
});
