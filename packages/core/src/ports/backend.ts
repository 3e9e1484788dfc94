import type { StoreFacts } from '../guarantee.js';
import type { Feed } from './feed.js';
import type { LockProvider } from './lock-provider.js';
import type { MessageStore } from './message-store.js';

/** One store with everything the engine needs from it; what an adapter package offers as a whole. */
export interface Backend {
  readonly store: MessageStore;
  readonly feed: Feed;
  /** For work that one pod does for all. */
  readonly dutyLock: LockProvider;
  /** Whether calls can be answered right now, as far as this pod knows. Cheap and immediate. */
  readonly available: boolean;
  /**
   * Runs every step once on a probe of its own, with the real user and rights, and leaves nothing behind.
   * @throws StoreRefusedError naming the command or right that is missing
   */
  preflight(): Promise<void>;
  /** Reads what the deployment can promise. Never throws for a fact that cannot be read: it is undefined then. */
  readFacts(): Promise<StoreFacts>;
  /** Closes what this backend opened itself, and nothing it was lent. */
  close(): Promise<void>;
}
