import {
  StoreUnavailableError,
  type Backend,
  type Clock,
  type Random,
  type StoreFacts,
} from '@onlyonce/core';
import { SeededRandom } from '../seeded-random.js';
import { CallFaults, type StoreCall } from './call-faults.js';
import { InMemoryDatabase } from './in-memory-database.js';
import { InMemoryFeed } from './in-memory-feed.js';
import { InMemoryLockProvider } from './in-memory-lock-provider.js';
import { InMemoryStore } from './in-memory-store.js';

export interface InMemoryOptions {
  readonly clock: Clock;
  readonly random?: Random;
  /** How long ids are remembered, milliseconds. Default 7 days. */
  readonly horizonMs?: number;
}

/**
 * One pod's connection to a store in memory: the protocol in plain TypeScript, one step at a time, with the faults a
 * test asks for. `connect()` gives further pods theirs.
 */
export class InMemoryBackend implements Backend {
  readonly faults: CallFaults;
  readonly store: InMemoryStore;
  readonly feed: InMemoryFeed;
  readonly dutyLock: InMemoryLockProvider;
  readonly db: InMemoryDatabase;
  private readonly random: Random;

  constructor(
    private readonly options: InMemoryOptions,
    db?: InMemoryDatabase,
  ) {
    this.db = db ?? new InMemoryDatabase(options);
    this.random = options.random ?? new SeededRandom(1);
    this.faults = new CallFaults(options.clock);
    this.store = new InMemoryStore(this.db, this.faults);
    this.feed = new InMemoryFeed(this.db, this.faults);
    this.dutyLock = new InMemoryLockProvider(this.db, this.faults, {
      clock: options.clock,
      random: this.random,
    });
  }

  /** Another pod's connection to the same store. @param clock that pod's own, if it has one */
  connect(clock: Clock = this.options.clock): InMemoryBackend {
    return new InMemoryBackend({ ...this.options, clock, random: this.random }, this.db);
  }

  get available(): boolean {
    return !this.faults.disconnected;
  }

  /** The next n calls of this name fail before they take effect. */
  failNext(call: StoreCall, n = 1): void {
    this.faults.failNext(call, n);
  }

  /** The next n calls of this name take effect, and the caller never learns it. */
  loseAnswerOf(call: StoreCall, n = 1): void {
    this.faults.loseAnswerOf(call, n);
  }

  /** This pod hears nothing any more, or hears again. */
  loseFeed(lost = true): void {
    this.feed.loses = () => lost;
  }

  /** Cuts the pod off until `reconnect`. */
  disconnect(): void {
    this.faults.disconnected = true;
  }

  reconnect(): void {
    this.faults.disconnected = false;
    this.feed.resubscribe();
  }

  preflight(): Promise<void> {
    if (this.available) return Promise.resolve();
    return Promise.reject(new StoreUnavailableError('the store cannot be reached'));
  }

  readFacts(): Promise<StoreFacts> {
    return Promise.resolve({
      product: 'memory',
      version: '0',
      appendOnly: false,
      evictionPolicy: 'noeviction',
      replicas: 0,
    });
  }

  close(): Promise<void> {
    this.feed.close();
    return Promise.resolve();
  }
}
