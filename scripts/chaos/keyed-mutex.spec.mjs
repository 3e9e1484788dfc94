import { describe, expect, it } from '@jest/globals';
import { KeyedMutex } from './keyed-mutex.mjs';

describe('KeyedMutex', () => {
  it('lets one at a time in per key, in the order asked, also after one that failed', async () => {
    const mutex = new KeyedMutex();
    const told = [];
    const gate = Promise.withResolvers();
    const first = mutex.hold(['a'], async () => {
      await gate.promise;
      told.push('first');
      throw new Error('broken');
    });
    const second = mutex.hold(['b', 'a'], async () => told.push('second'));
    const other = mutex.hold(['c'], async () => told.push('other'));
    await other;
    expect(mutex.isHeld('a')).toBe(true);
    gate.resolve();
    await expect(first).rejects.toThrow('broken');
    await second;
    expect(told).toEqual(['other', 'first', 'second']);
    expect(mutex.isHeld('a')).toBe(false);
  });

  it('does not let two wait for each other that want the same keys in another order', async () => {
    const mutex = new KeyedMutex();
    const done = await Promise.all([
      mutex.hold(['a', 'b'], async () => 1),
      mutex.hold(['b', 'a'], async () => 2),
    ]);
    expect(done).toEqual([1, 2]);
  });
});
