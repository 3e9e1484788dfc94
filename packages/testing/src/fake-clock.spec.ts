import { describe, expect, it } from '@jest/globals';
import { FakeClock } from './fake-clock.js';
import { SeededRandom } from './seeded-random.js';

describe('FakeClock', () => {
  it('runs timers in the order in which they are due, those of one moment in the order in which they were set', async () => {
    const clock = new FakeClock();
    const random = new SeededRandom(3);
    const ran: { dueMs: number; order: number; atMs: number }[] = [];
    for (let order = 0; order < 500; order += 1) {
      const dueMs = random.below(50);
      clock.after(dueMs, () => ran.push({ dueMs, order, atMs: clock.monotonicMs() }));
    }
    await clock.advance(100);
    expect(ran).toHaveLength(500);
    expect([...ran].sort((a, b) => a.dueMs - b.dueMs || a.order - b.order)).toEqual(ran);
    expect(ran.every(({ dueMs, atMs }) => dueMs === atMs)).toBe(true);
    expect(clock.monotonicMs()).toBe(100);
  });

  it('runs what a timer sets in motion before the next timer, and timers set meanwhile in their turn', async () => {
    const clock = new FakeClock();
    const ran: string[] = [];
    clock.after(10, () => {
      void Promise.resolve()
        .then(() => Promise.resolve())
        .then(() => ran.push('promise'));
      clock.after(5, () => ran.push('nested'));
    });
    clock.after(10, () => ran.push('second'));
    clock.after(20, () => ran.push('last'));
    await clock.advance(16);
    expect(ran).toEqual(['promise', 'second', 'nested']);
    expect(clock.waiting).toBe(1);
  });

  it('does not run what was cancelled', async () => {
    const clock = new FakeClock();
    const cancel = clock.after(10, () => {
      throw new Error('cancelled');
    });
    cancel();
    await clock.advance(20);
    expect(clock.waiting).toBe(0);
  });

  it('tells when a condition does not come true', async () => {
    const clock = new FakeClock();
    await clock.advanceUntil(() => clock.monotonicMs() === 0);
    clock.after(5, () => undefined);
    await expect(clock.advanceUntil(() => false, 10)).rejects.toThrow('within 10 ms');
  });
});
