import type { Backend } from '@onlyonce/core';

/** A store of the adapter under test, empty or at least in a namespace of its own; one per test. */
export interface StoreUnderTest {
  readonly backend: Backend;
  /** A connection of its own to the same data: a second pod's. Closed by `close`. */
  another(): Promise<Backend>;
  /** What the effects on a hash came to; empty when there is no such key. An independent look, past the adapter. */
  readHash(key: string): Promise<Record<string, string>>;
  /** Members of a set or a list, or of a ranking by rising score; empty when there is no such key. */
  readMembers(key: string): Promise<string[]>;
  /** About the store's time, milliseconds since 1970. */
  nowMs(): number;
  /** Lets the store's time pass: turns a fake clock, or waits. */
  passMs(ms: number): Promise<void>;
  /** Closes every connection made for this test. */
  close(): Promise<void>;
}

export type MakeStore = () => Promise<StoreUnderTest>;

/** What an adapter promises beyond the contract, and what the suite must know of how it was set up. */
export interface StoreFeatures {
  /** How long ids are remembered as set up for the test, milliseconds. */
  readonly horizonMs: number;
  /** Time passes at no cost: the suite may let days go by. */
  readonly freeTime: boolean;
  /**
   * `pull` asked again with the same nonce wins again what it won before. Where it does not, what a lost answer
   * took comes back when its lock has run out.
   */
  readonly repeatablePull: boolean;
}
