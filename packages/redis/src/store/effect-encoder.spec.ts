import { describe, expect, it } from '@jest/globals';
import type { Effect } from '@onlyonce/core';
import { EffectEncoder } from './effect-encoder.js';
import { Keys } from './keys.js';

const take = (field: string): Effect => ({
  kind: 'take',
  key: 'stock',
  field,
  amount: 1,
  ifMissing: 'missing',
  ifShort: 'short',
});

describe('EffectEncoder', () => {
  it('reads each field of a hash once per call, however many items touch it', () => {
    const encoder = new EffectEncoder(new Keys('shop'), ['prefix']);
    const items = [
      [take('a'), take('b')],
      [take('b')],
      [{ kind: 'put', key: 'order', field: 'a', value: '1' }],
    ] as Effect[][];
    for (const effects of items) encoder.collect(effects);
    expect(encoder.header()).toEqual([2, 2, 2, 'a', 'b', 3, 1, 'a', 0]);
    expect(encoder.keys).toEqual(['prefix', '{shop}:stock', '{shop}:order']);
    expect(encoder.encode(items[1] ?? [])).toEqual([1, 't', 2, 1, 'missing', 'short']);
    expect(encoder.encode(items[2] ?? [])).toEqual([1, 'p', 3, '1']);
  });

  it('declares the type of keys that are no hashes', () => {
    const encoder = new EffectEncoder(new Keys('shop'), []);
    encoder.collect([
      { kind: 'expire', key: 'seen', ttlMs: 5 },
      { kind: 'addMember', key: 'seen', member: 'm' },
    ]);
    expect(encoder.header()).toEqual([0, 1, 1, 'set']);
  });
});
