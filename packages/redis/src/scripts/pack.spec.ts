import { describe, expect, it } from '@jest/globals';
import { decode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { pack } from './pack.js';

describe('pack', () => {
  it('writes a list that any MessagePack reader takes apart again', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.string({ minLength: 30, maxLength: 60 }),
    );
    const number = fc.oneof(fc.maxSafeInteger(), fc.nat(70_000), fc.double({ noNaN: true }));
    fc.assert(
      fc.property(fc.array(fc.oneof(text, number)), (args) => {
        // As with any other argument, half of a surrogate pair becomes the replacement character. -0 is 0 to Lua.
        const expected = args.map((arg) => (typeof arg === 'string' ? arg.toWellFormed() : arg + 0));
        expect(decode(pack(args))).toEqual(expected);
      }),
    );
  });

  it.each(['x', '\u00e9', '\u4e2d'])('writes texts of any length, of %j', (unit) => {
    const texts = Array.from({ length: 300 }, (_, length) => unit.repeat(length));
    expect(decode(pack(texts))).toEqual(texts);
  });

  it('grows with what it is given, and a call leaves nothing to the next', () => {
    const long = 'x'.repeat(3_000_000);
    const first = pack([long, 1]);
    expect(decode(pack(['short']))).toEqual(['short']);
    expect(decode(first)).toEqual([long, 1]);
  });
});
