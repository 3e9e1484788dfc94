import { describe, expect, it } from '@jest/globals';
import { readOrderRequest } from './order-request.js';

const items = [{ id: 'a', quantity: 1 }];

describe('readOrderRequest', () => {
  it('gives the items in canonical form', () => {
    const body = {
      orderId: 'o',
      items: [
        { id: 'b', quantity: 1 },
        { id: 'a', quantity: 2 },
        { id: 'b', quantity: 1 },
      ],
    };
    expect(readOrderRequest(body, 'key')).toEqual({
      kind: 'read',
      request: {
        orderId: 'o',
        items: [
          { id: 'a', quantity: 2 },
          { id: 'b', quantity: 2 },
        ],
        idempotencyKey: 'key',
      },
    });
  });

  it('names what is wrong with body and header at once, each once', () => {
    const read = readOrderRequest({ orderId: '', items: [{ id: 'a', quantity: 0 }], more: 1 }, 'a b');
    expect(read.kind === 'faulty' && read.faults.map(({ field }) => field).sort()).toEqual([
      'Idempotency-Key',
      'items.0.quantity',
      'more',
      'orderId',
    ]);
  });

  it.each(['', ' ', 'a b', 'a, b', 'é', 'x'.repeat(129), 'a\tb'])('refuses the Idempotency-Key %j', (key) => {
    expect(readOrderRequest({ items }, key)).toMatchObject({
      kind: 'faulty',
      faults: [{ field: 'Idempotency-Key' }],
    });
  });

  it.each(['x', '~!@#$%^&*()_+', 'x'.repeat(128)])('takes the Idempotency-Key %j', (key) => {
    expect(readOrderRequest({ items }, key)).toMatchObject({
      kind: 'read',
      request: { idempotencyKey: key },
    });
  });

  it.each([[undefined], [null], ['text'], [[]], [5]])('wants an object, not %j', (body) => {
    expect(readOrderRequest(body, undefined)).toEqual({
      kind: 'faulty',
      faults: [{ field: 'body', message: 'must be a JSON object' }],
    });
  });
});
