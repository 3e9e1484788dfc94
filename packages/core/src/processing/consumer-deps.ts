import type { Clock } from '../ports/clock.js';
import type { CrashPoints } from '../ports/crash-points.js';
import type { Feed } from '../ports/feed.js';
import type { LockProvider } from '../ports/lock-provider.js';
import type { MessageStore } from '../ports/message-store.js';
import type { Random } from '../ports/random.js';
import type { Telemetry, Tracer } from '../ports/telemetry.js';

/** Everything a consumer needs from outside. */
export interface ConsumerDeps {
  readonly store: MessageStore;
  readonly feed: Feed;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly tracer: Tracer;
  readonly crashPoints: CrashPoints;
  /**
   * A second lock around each handler, for effects outside the store (level G3): say, over several independent
   * Redis masters. The claim's own lock and the fenced commit stay as they are.
   */
  readonly handlerLock?: LockProvider | undefined;
}
