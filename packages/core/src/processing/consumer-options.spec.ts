import { describe, expect, it } from '@jest/globals';
import { consumerOptions } from './consumer-options.js';

const names = { channel: 'orders', group: 'stock', pod: 'pod-1' };

describe('consumerOptions', () => {
  it('derives sweep and limits from lock and concurrency', () => {
    expect(consumerOptions({ ...names, lockTtlMs: 1_000, concurrency: 300 })).toMatchObject({
      strategy: 'race',
      sweepIntervalMs: 500,
      sweepGraceMs: 250,
      maxInFlight: 600,
      maxTakeovers: 10,
      retry: { maxAttempts: 6 },
    });
  });

  it('keeps what was given of a retry policy and fills in the rest', () => {
    expect(consumerOptions({ ...names, retry: { maxAttempts: 2 } }).retry).toEqual({
      baseDelayMs: 200,
      maxDelayMs: 30_000,
      maxAttempts: 2,
    });
  });

  it.each([
    { field: 'channel', wrong: { channel: 'a:b' } },
    { field: 'group', wrong: { group: '{g}' } },
    { field: 'pod', wrong: { pod: 'pod|1' } },
    { field: 'lockTtlMs', wrong: { lockTtlMs: 99 } },
    { field: 'concurrency', wrong: { concurrency: 0 } },
    { field: 'maxBatch', wrong: { maxBatch: 1.5 } },
    { field: 'handlerTimeoutMs', wrong: { handlerTimeoutMs: Number.NaN } },
    { field: 'retry.maxDelayMs', wrong: { retry: { baseDelayMs: 100, maxDelayMs: 99 } } },
  ])('names what is wrong: $field', ({ field, wrong }) => {
    expect(() => consumerOptions({ ...names, ...wrong })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', field }),
    );
  });

  it('cannot be changed afterwards', () => {
    const options = consumerOptions(names);
    expect(Object.isFrozen(options)).toBe(true);
    expect(Object.isFrozen(options.retry)).toBe(true);
  });
});
