import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { StoreUnavailableError } from '@onlyonce/core';
import { withDeadline } from './call-deadline.js';

describe('withDeadline', () => {
  test('an answer in time passes, and so does an error, as they are', async () => {
    const fault = new Error('no');
    await expect(withDeadline(Promise.resolve(7), 1_000, 'claim')).resolves.toBe(7);
    await expect(withDeadline(Promise.reject(fault), 1_000, 'claim')).rejects.toBe(fault);
  });

  test('a call that is swallowed is unavailable when its time is over', async () => {
    const swallowed = new Promise<never>(() => undefined);
    await expect(withDeadline(swallowed, 5, 'claim')).rejects.toThrow(
      new StoreUnavailableError('claim: no answer within 5 ms'),
    );
  });

  test('an error that comes after the deadline is not unhandled', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): number => unhandled.push(reason);
    process.on('unhandledRejection', note);
    const late = Promise.withResolvers<never>();
    await expect(withDeadline(late.promise, 1, 'claim')).rejects.toBeInstanceOf(StoreUnavailableError);
    late.reject(new Error('late'));
    await sleep(1);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  test('an answer that waits while the event loop is blocked past the deadline is still taken', async () => {
    // Due one turn after the timers, as data in a socket is.
    const answer = new Promise<string>((resolve) => {
      setTimeout(() => setImmediate(resolve, 'in time'), 1);
    });
    const call = withDeadline(answer, 2, 'claim');
    const until = performance.now() + 20;
    while (performance.now() < until);
    await expect(call).resolves.toBe('in time');
  });
});
