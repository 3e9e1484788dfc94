import { expect, test } from '@jest/globals';
import { reconnectDelayMs } from './reconnect-delay.js';

const always = (value: number) => ({ next: () => value, nonce: () => '' });

test('the delay grows from 50 ms to half a second and stays there for ever', () => {
  expect([1, 2, 3, 4, 5, 1_000_000].map((attempt) => reconnectDelayMs(attempt, always(0.999_999)))).toEqual([
    100, 200, 400, 500, 500, 500,
  ]);
});

test('jitter never shortens it below 50 ms', () => {
  expect([1, 5, 100].map((attempt) => reconnectDelayMs(attempt, always(0)))).toEqual([50, 50, 50]);
});
