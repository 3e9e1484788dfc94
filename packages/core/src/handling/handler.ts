import type { FencingToken, MessageId } from '../ids.js';
import type { Headers } from '../ports/feed.js';
import type { Transaction } from './transaction.js';

/** A logger that knows the message at hand: each line carries its id, attempt and trace. */
export interface MessageLog {
  debug(text: string, fields?: Readonly<Record<string, unknown>>): void;
  info(text: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(text: string, fields?: Readonly<Record<string, unknown>>): void;
  error(text: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface HandlerContext {
  readonly messageId: MessageId;
  readonly channel: string;
  readonly group: string;
  readonly pod: string;
  /** 1 for the first run; counts failures reported and owners that vanished. */
  readonly attempt: number;
  /** Rises with every claim. Hand it, or `messageId` as idempotency key, to systems outside the store. */
  readonly fencingToken: FencingToken;
  /** Aborted when the lock is lost, the handler ran too long, or the pod must go: stop working, nothing will count. */
  readonly signal: AbortSignal;
  readonly headers: Headers;
  readonly log: MessageLog;
  readonly tx: Transaction;
}

/**
 * Processes one message. It may run more than once; what it declares in `context.tx` takes effect once.
 * Returning confirms. BusinessRejection rejects, PermanentFailure makes a dead letter, any other error is retried.
 */
export type MessageHandler<T> = (message: T, context: HandlerContext) => Promise<void> | void;

/** What became of a message that could not be processed. */
export interface DeathReport {
  readonly messageId: MessageId;
  readonly reason: string;
  readonly attempts: number;
  readonly pod: string;
  /** Of the claim that failed last: orders this death before whatever becomes of the message when it is redriven. */
  readonly fencingToken: FencingToken;
  /** When, milliseconds since 1970 by this pod's clock. */
  readonly atMs: number;
}

export interface DeathEvent {
  readonly channel: string;
  readonly body: unknown;
}

/** Events that go out in the same atomic step in which a message becomes a dead letter. Must not throw or wait. */
export type DeathHandler = (body: unknown, report: DeathReport) => readonly DeathEvent[];

/** The part of Standard Schema (standardschema.dev) that is used; zod, valibot and arktype provide it. */
export interface Schema<T> {
  readonly '~standard': {
    readonly validate: (value: unknown) => SchemaResult<T> | Promise<SchemaResult<T>>;
  };
}

export type SchemaResult<T> =
  | { readonly value: T; readonly issues?: undefined }
  | {
      readonly issues: readonly {
        readonly message: string;
        readonly path?: readonly unknown[] | undefined;
      }[];
    };
