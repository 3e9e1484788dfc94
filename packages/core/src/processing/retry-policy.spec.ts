import { describe, expect, it } from '@jest/globals';
import { defaultRetryPolicy, retryDelayMs } from './retry-policy.js';

const policy = { ...defaultRetryPolicy, baseDelayMs: 100, maxDelayMs: 1_000 };

describe('the delay before the next attempt', () => {
  it.each([
    { failures: 0, least: 50, most: 100 },
    { failures: 1, least: 100, most: 200 },
    { failures: 2, least: 200, most: 400 },
    { failures: 3, least: 400, most: 800 },
    { failures: 4, least: 500, most: 1_000 },
    { failures: 1_000, least: 500, most: 1_000 },
  ])(
    'doubles with each failure up to the limit, half of it jitter: $failures before',
    ({ failures, least, most }) => {
      expect(retryDelayMs(policy, failures, 0)).toBe(least);
      expect(retryDelayMs(policy, failures, 0.999_999)).toBe(most);
      expect(retryDelayMs(policy, failures, 0.5)).toBe((least + most) / 2);
    },
  );
});
