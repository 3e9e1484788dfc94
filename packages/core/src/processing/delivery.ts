import type { Envelope } from '../ports/feed.js';
import type { LockToken } from '../ports/message-store.js';
import type { ActiveSpan } from '../ports/telemetry.js';

/** From the 4th claim on a message is a suspect: it may be what kills its owners. */
export const SUSPECT_FROM_TAKEOVERS = 3;

/** One message that this pod has won and not settled yet. */
export class Delivery {
  readonly attempt: number;
  span: ActiveSpan | undefined;
  startedAtMs: number | undefined;
  /** Set when the result was reported, or nobody waits for it any more. */
  settled = false;
  private aborter: AbortController | undefined;

  constructor(
    readonly envelope: Envelope,
    readonly token: LockToken,
    readonly lockTtlMs: number,
    readonly wonAtMs: number,
    /** Monotonic; past it the store may have given the message to another pod. */
    public validUntilMs: number,
    readonly failures = 0,
    readonly takeovers = 0,
  ) {
    this.attempt = failures + takeovers + 1;
  }

  /** Made at first use: most handlers never look at their signal, and one for each message has its price. */
  get controller(): AbortController {
    this.aborter ??= new AbortController();
    return this.aborter;
  }

  get suspect(): boolean {
    return this.takeovers >= SUSPECT_FROM_TAKEOVERS;
  }
}
