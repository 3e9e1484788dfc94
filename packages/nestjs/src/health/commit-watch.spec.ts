import { describe, expect, it } from '@jest/globals';
import { FakeClock, InMemoryBackend } from '@onlyonce/testing';
import { CommitWatch } from './commit-watch.js';

describe('CommitWatch', () => {
  it('knows the age of the oldest commit under way, and forgets it when it ends either way', async () => {
    const clock = new FakeClock();
    const { store } = new InMemoryBackend({ clock });
    const answers = [Promise.withResolvers<never[]>(), Promise.withResolvers<never[]>()];
    let calls = 0;
    store.commit = () => answers[calls++]!.promise;
    const watch = new CommitWatch(clock);
    const watched = watch.watching(store);
    const ref = { channel: 'orders', group: 'mail' };
    expect(watch.oldestMs).toBe(0);

    const first = watched.commit(ref, []);
    await clock.advance(1_000);
    const second = watched.commit(ref, []);
    await clock.advance(500);
    expect(watch.oldestMs).toBe(1_500);
    answers[0]!.resolve([]);
    await first;
    expect(watch.oldestMs).toBe(500);
    answers[1]!.reject(new Error('away'));
    await expect(second).rejects.toThrow('away');
    expect(watch.oldestMs).toBe(0);
  });
});
