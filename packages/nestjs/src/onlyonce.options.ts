import type {
  Backend,
  ConsumerOptions,
  CrashPoints,
  LockProvider,
  MessageLog,
  PublisherOptions,
  RetryPolicy,
  Telemetry,
  Tracer,
} from '@onlyonce/core';

/** What may be set for all consumers of a process, and again for one of them at its decorator. */
export type ConsumerSettings = Partial<Omit<ConsumerOptions, 'channel' | 'group' | 'pod' | 'retry'>> & {
  readonly retry?: Partial<RetryPolicy>;
};

/** What a log line about one message has to carry. */
export interface MessageLogIds {
  readonly messageId: string;
  readonly channel: string;
  readonly group: string;
  readonly attempt: number;
  readonly traceId?: string;
  readonly spanId?: string;
}

export interface GuaranteeOptions {
  /** Refuse to start on a store that can lose acknowledged messages. */
  readonly requireDurable: boolean;
  /**
   * With requireDurable: how long a start waits for the verdict, milliseconds, so that a store that is too weak fails it.
   * A store that is away for longer lets the pod come up, not ready, and accept nothing before a good verdict.
   * Default 3,000.
   */
  readonly verdictWithinMs: number;
  /** Replicas that must have a message before it counts as accepted; 0 for local durability. */
  readonly waitReplicas: number;
  /** How long processed ids are remembered, milliseconds; Infinity for ever. */
  readonly retentionMs: number;
  /** Rate for which the memory estimate is made. */
  readonly expectedMessagesPerSecond: number;
}

export interface OnlyonceOptions {
  /** Store, feed and locks of one adapter. Its `close()` is called when the application shuts down. */
  readonly backend: Backend;
  /** Name of this process among its replicas: 1 to 64 of A-Z a-z 0-9 _ . - */
  readonly pod: string;
  /** For all consumers of this process; a decorator's own settings win. */
  readonly consumer?: ConsumerSettings;
  readonly publisher?: Partial<PublisherOptions>;
  /** How long running handlers may take at shutdown, milliseconds. Default 10,000. */
  readonly drainMs?: number;
  /** Where events and notices go, beside the metrics, which are always kept. Default: Nest's logger. */
  readonly telemetry?: Telemetry;
  /** Default: no traces. */
  readonly tracer?: Tracer;
  readonly crashPoints?: CrashPoints;
  /** A second lock around each handler, for effects outside the store. */
  readonly handlerLock?: LockProvider;
  /** The logger that a handler finds in its context. Default: Nest's logger. */
  readonly logFor?: (ids: MessageLogIds) => MessageLog;
  /**
   * Names of channels and groups as decorators write them -> as this deployment calls them, so that the environment
   * reaches a static decorator. A name that is not listed stands for itself.
   */
  readonly names?: Readonly<Record<string, string>>;
  /** Default: durability is not required, no replicas, 7 days, 100 messages per second. */
  readonly guarantee?: Partial<GuaranteeOptions>;
  /** Whether this process consumes; false for one that only publishes or looks into inboxes. Default true. */
  readonly consume?: boolean;
}

const SEVEN_DAYS_MS = 7 * 24 * 3_600_000;

export const defaultDrainMs = 10_000;

export const defaultGuaranteeOptions: GuaranteeOptions = {
  requireDurable: false,
  verdictWithinMs: 3_000,
  waitReplicas: 0,
  retentionMs: SEVEN_DAYS_MS,
  expectedMessagesPerSecond: 100,
};
