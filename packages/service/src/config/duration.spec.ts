import { describe, expect, it } from '@jest/globals';
import { durationMs } from './duration.js';

describe('durationMs', () => {
  it.each([
    ['0s', 0],
    ['500ms', 500],
    ['5s', 5_000],
    ['30m', 1_800_000],
    ['12h', 43_200_000],
    ['7d', 604_800_000],
  ])('reads %s as %d ms', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });

  it.each(['', '5', 's', '5 s', '-5s', '1.5s', '5S', '5sec', '1e3s', '9999999999s', '5s5s'])(
    'does not read %j',
    (text) => {
      expect(durationMs(text)).toBeUndefined();
    },
  );
});
