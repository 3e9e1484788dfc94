import { describe, expect, it } from '@jest/globals';
import { keyDigestOf, orderIdOf } from './order-id.js';

describe('orderIdOf', () => {
  it('gives the same key the same id, and another key another', () => {
    expect(orderIdOf('a')).toBe(orderIdOf('a'));
    expect(orderIdOf('a')).not.toBe(orderIdOf('b'));
    // Fixed for ever: replicas of two versions must agree, and a key may be sent again after an update.
    expect(orderIdOf('a')).toMatchInlineSnapshot(`"da9c8be4-c09e-813b-9df9-bee6aae9fe48"`);
  });

  it('is a UUID of version 8, which carries no time', () => {
    for (let n = 0; n < 100; n += 1) {
      expect(orderIdOf(`key-${n}`)).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }
  });
});

describe('keyDigestOf', () => {
  it('is of one length, and not part of the id', () => {
    expect(keyDigestOf('a')).toMatch(/^[0-9a-f]{64}$/);
    expect(keyDigestOf('a').startsWith(orderIdOf('a').slice(0, 8))).toBe(false);
  });
});
