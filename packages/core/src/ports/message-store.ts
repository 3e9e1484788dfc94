import type { Effect, OutgoingEvent, RejectableEvent } from '../handling/effects.js';
import type { EntryId, FencingToken, MessageId } from '../ids.js';
import type { Envelope, Headers } from './feed.js';

/** One consumer group of one channel. Every group takes effect once per message; groups do not disturb each other. */
export interface GroupRef {
  readonly channel: string;
  readonly group: string;
}

/** What a claim holds. The store alone judges whether it still counts. */
export interface LockToken {
  readonly fence: FencingToken;
  /** Random per claim call: tells apart two claims with the same fence after a failover that lost history. */
  readonly nonce: string;
  readonly pod: string;
}

/** The recorded end of a message: confirmed, rejected by the business, or dead. */
export type Outcome = 'confirmed' | 'rejected' | 'dead';

export interface PublishItem {
  readonly id: MessageId;
  /** JSON text. */
  readonly body: string;
  readonly headers: Headers;
  /** The publisher's own record, written if and only if the message is accepted. */
  readonly effects: readonly Effect[];
}

export type PublishResult =
  | { readonly kind: 'accepted'; readonly entryId: EntryId }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'too-old' }
  | { readonly kind: 'from-future' }
  | { readonly kind: 'refused'; readonly reason: string };

export interface ClaimRequest {
  readonly pod: string;
  readonly lockTtlMs: number;
  /**
   * Makes `claim` and `claimDue` repeatable: asked again with the same nonce, what was won the first time is won again.
   * What a lost answer of `pull` took belongs to `claimDue` when its lock has run out.
   */
  readonly nonce: string;
}

export type ClaimResult =
  { readonly kind: 'won'; readonly token: LockToken } | { readonly kind: 'busy' } | { readonly kind: 'done' };

/** A message won together with its body and history. */
export interface WonMessage {
  readonly envelope: Envelope;
  readonly token: LockToken;
  /** Failures reported so far. */
  readonly failures: number;
  /** Times an owner vanished without a report. */
  readonly takeovers: number;
  /** How long this claim's lock lives unless extended; doubles with each report that came after a takeover. */
  readonly lockTtlMs: number;
  readonly previousPod?: string;
}

export interface ClaimDueRequest extends ClaimRequest {
  readonly limit: number;
  /** Only entries at least this old; 0 for all. Due retries come first, whatever their age. */
  readonly olderThanMs: number;
  /** Where the last call stopped; undefined to start at the head. */
  readonly cursor?: EntryId | undefined;
  /** How many suspects (from the 4th claim on) this pod may take now. */
  readonly suspectSlots: number;
}

export interface ClaimDueResult {
  readonly won: readonly WonMessage[];
  /** Undefined when the end of the backlog was reached. */
  readonly cursor: EntryId | undefined;
  /** Pods of the group heard of lately, this one included. */
  readonly livePods: number;
  /** Which of them asked: its position in the order of their names, from 0. */
  readonly podIndex: number;
}

export interface CommitItem {
  readonly id: MessageId;
  readonly entryId: EntryId;
  readonly token: LockToken;
  readonly attempt: number;
  /** What happens when every guard holds; `rejected` when the handler itself said no. */
  readonly outcome: 'confirmed' | 'rejected';
  readonly reason?: string;
  readonly effects: readonly Effect[];
  readonly events: readonly OutgoingEvent[];
  /** What happens instead when a guard does not hold. */
  readonly onReject: { readonly effects: readonly Effect[]; readonly events: readonly RejectableEvent[] };
}

export type CommitResult =
  | { readonly kind: 'committed'; readonly outcome: 'confirmed' | 'rejected'; readonly reason?: string }
  /** Settled before. `own`: by this very attempt, whose answer was lost; told as long as the store remembers it. */
  | { readonly kind: 'duplicate'; readonly outcome: Outcome; readonly own?: true }
  | { readonly kind: 'stale' }
  /** An effect cannot be applied (a field that is no integer, an overflow); nothing of this item was written. */
  | { readonly kind: 'fault'; readonly detail: string };

export interface FailItem {
  readonly id: MessageId;
  readonly entryId: EntryId;
  readonly token: LockToken;
  readonly kind: 'retryable' | 'permanent';
  readonly error: string;
  /** Failures after which the message is dead. */
  readonly maxAttempts: number;
  /** How long to wait before the next attempt, if there is one; milliseconds. */
  readonly delayMs: number;
  /** Events that go out if, and only if, the message dies of this failure. */
  readonly onDead: readonly OutgoingEvent[];
}

export type FailResult =
  { readonly kind: 'retry'; readonly inMs: number } | { readonly kind: 'dead' } | { readonly kind: 'stale' };

export interface HeldItem {
  readonly id: MessageId;
  readonly token: LockToken;
  readonly lockTtlMs: number;
}

export type InboxState = 'pending' | 'processing' | 'processed' | 'retrying' | 'dead';

export interface InboxRow {
  readonly messageId: string;
  readonly state: InboxState;
  readonly outcome?: Outcome;
  readonly owner?: string;
  readonly attempt: number;
  readonly takeovers: number;
  readonly publishedAt?: number;
  readonly since?: number;
  readonly dueAt?: number;
  readonly error?: string;
}

export interface InboxPage {
  readonly rows: readonly InboxRow[];
  readonly cursor: string | undefined;
}

export interface BacklogStats {
  readonly depth: number;
  readonly oldestAgeMs: number;
  readonly processing: number;
  readonly retrying: number;
  readonly dead: number;
  readonly livePods: number;
}

export interface PruneResult {
  readonly removed: number;
  readonly finished: boolean;
}

/**
 * The contract between engine and store. Each call is one atomic step, takes a batch, and answers per item in
 * the order asked. Every call may be repeated with the same arguments when its answer was lost.
 *
 * Errors: StoreUnavailableError (outcome unknown, ask again), StoreFullError (publish only, nothing written),
 * StoreRefusedError (rights, wrong types: nothing written).
 * @see docs/protocol.md
 */
export interface MessageStore {
  /** Connects the channel's layout and, with a group, registers it; idempotent, and repeated after a reconnect. */
  register(ref: GroupRef, from: 'earliest' | 'now'): Promise<void>;
  /** Remembers the id, writes the publisher's record, appends to every group's backlog, rings: all or nothing per item. */
  publish(channel: string, items: readonly PublishItem[]): Promise<PublishResult[]>;
  claim(ref: GroupRef, request: ClaimRequest, items: readonly Envelope[]): Promise<ClaimResult[]>;
  pull(ref: GroupRef, request: ClaimRequest & { readonly limit: number }): Promise<WonMessage[]>;
  claimDue(ref: GroupRef, request: ClaimDueRequest): Promise<ClaimDueResult>;
  /** @returns the ids whose lock was lost */
  extend(ref: GroupRef, items: readonly HeldItem[]): Promise<MessageId[]>;
  /** Unlocks at once, counts nothing, rings. */
  release(ref: GroupRef, items: readonly HeldItem[]): Promise<void>;
  commit(ref: GroupRef, items: readonly CommitItem[]): Promise<CommitResult[]>;
  fail(ref: GroupRef, items: readonly FailItem[]): Promise<FailResult[]>;
  /** Sends dead letters back into the backlog, same id, counters at zero. @returns the ids sent back */
  redrive(ref: GroupRef, ids: readonly MessageId[]): Promise<MessageId[]>;
  /** Rings the doorbell if a retry is due. @returns whether it rang */
  ringIfDue(ref: GroupRef): Promise<boolean>;
  /** Forgets processed ids of which no copy can come back; at most one chunk per call. */
  prune(channel: string): Promise<PruneResult>;
  inspect(ref: GroupRef, state: InboxState, cursor: string | undefined, limit: number): Promise<InboxPage>;
  stats(ref: GroupRef): Promise<BacklogStats>;
}
