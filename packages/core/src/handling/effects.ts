import type { Headers } from '../ports/feed.js';

/**
 * A change in the store that commits together with the processed id. Keys are names inside the store's
 * namespace; the adapter places them where one atomic step can reach them all.
 *
 * Guards (`take`, `require`) are checked before anything is written. One that does not hold turns the whole
 * message into a rejection with the reason given.
 */
export type Effect =
  /** Integer field minus `amount`, if at least that much is there. */
  | {
      readonly kind: 'take';
      readonly key: string;
      readonly field: string;
      readonly amount: number;
      readonly ifMissing: string;
      readonly ifShort: string;
    }
  /** Integer field plus `amount` (may be negative); a missing field counts as 0. */
  | { readonly kind: 'add'; readonly key: string; readonly field: string; readonly amount: number }
  | { readonly kind: 'put'; readonly key: string; readonly field: string; readonly value: string }
  | { readonly kind: 'remove'; readonly key: string; readonly field: string }
  /** A condition on a field: absent, equal to a text or absent, or an integer below a bound or absent. */
  | {
      readonly kind: 'require';
      readonly key: string;
      readonly field: string;
      readonly test: 'absent' | 'same-or-absent' | 'below-or-absent';
      readonly value: string;
      readonly otherwise: string;
    }
  /** Lets the whole key disappear after `ttlMs` milliseconds. */
  | { readonly kind: 'expire'; readonly key: string; readonly ttlMs: number }
  | { readonly kind: 'addMember'; readonly key: string; readonly member: string }
  | { readonly kind: 'removeMember'; readonly key: string; readonly member: string }
  | { readonly kind: 'rank'; readonly key: string; readonly member: string; readonly score: number }
  | { readonly kind: 'push'; readonly key: string; readonly value: string };

/** An event published in the same atomic step. Its id is derived: `<message id>:<group>:<n>`. */
export interface OutgoingEvent {
  readonly channel: string;
  readonly id: string;
  readonly headers: Headers;
  /** JSON text. */
  readonly body: string;
}

/**
 * An event that tells of a rejection the store itself decides: the reason, as a JSON string, is put between
 * `body` and `bodyAfterReason`. Without the latter the body is complete as it is.
 */
export interface RejectableEvent extends OutgoingEvent {
  readonly bodyAfterReason?: string;
}
