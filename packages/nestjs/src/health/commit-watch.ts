import type { Clock, MessageStore } from '@onlyonce/core';

/**
 * Knows how long the oldest commit call has been under way. Every call of an adapter has a deadline of its own, and
 * a failed one ends; so a commit that stays open far longer has been swallowed (by a client, by a lost promise), and
 * nothing but a restart brings its slot back.
 */
export class CommitWatch {
  private readonly startedAtMs = new Set<{ readonly atMs: number }>();

  constructor(private readonly clock: Clock) {}

  /** Milliseconds since the oldest commit call under way was sent; 0 when there is none. */
  get oldestMs(): number {
    // A set keeps the order of insertion: its first entry is the oldest.
    for (const { atMs } of this.startedAtMs) return this.clock.monotonicMs() - atMs;
    return 0;
  }

  /** The same store, its commits watched. */
  watching(store: MessageStore): MessageStore {
    return {
      register: (...args) => store.register(...args),
      publish: (...args) => store.publish(...args),
      claim: (...args) => store.claim(...args),
      pull: (...args) => store.pull(...args),
      claimDue: (...args) => store.claimDue(...args),
      extend: (...args) => store.extend(...args),
      release: (...args) => store.release(...args),
      fail: (...args) => store.fail(...args),
      redrive: (...args) => store.redrive(...args),
      ringIfDue: (...args) => store.ringIfDue(...args),
      prune: (...args) => store.prune(...args),
      inspect: (...args) => store.inspect(...args),
      stats: (...args) => store.stats(...args),
      commit: async (...args) => {
        const call = { atMs: this.clock.monotonicMs() };
        this.startedAtMs.add(call);
        try {
          return await store.commit(...args);
        } finally {
          this.startedAtMs.delete(call);
        }
      },
    };
  }
}
