import type { HashEffects } from '@onlyonce/core';
import { describe, expect, it } from '@jest/globals';
import { reserve } from './reserve.js';

function declared(items: { id: string; quantity: number }[]): unknown[] {
  const taken: unknown[] = [];
  const effects = {
    take(...args: Parameters<HashEffects['take']>) {
      taken.push(args);
      return this;
    },
  };
  // The only effect that reserving uses.
  reserve({ hash: (key) => (taken.push(key), effects as unknown as HashEffects) }, items);
  return taken;
}

describe('reserve', () => {
  it('takes every item, and says what to say when it cannot', () => {
    expect(
      declared([
        { id: 'a', quantity: 2 },
        { id: 'b', quantity: 1 },
      ]),
    ).toEqual([
      'stock',
      ['a', 2, { ifMissing: 'UNKNOWN_ITEM: a', ifShort: 'OUT_OF_STOCK: a' }],
      ['b', 1, { ifMissing: 'UNKNOWN_ITEM: b', ifShort: 'OUT_OF_STOCK: b' }],
    ]);
  });

  it('takes an item that stands several times once, as the sum', () => {
    const taken = declared([
      { id: '__proto__', quantity: 2 },
      { id: 'b', quantity: 1 },
      { id: '__proto__', quantity: 3 },
    ]);
    expect(taken).toEqual(['stock', ['__proto__', 5, expect.anything()], ['b', 1, expect.anything()]]);
  });
});
