import type { Clock } from './clock.js';
import type { Headers } from './feed.js';
import type { MessageStore, PublishResult } from './message-store.js';

/** What happened to one message, in the stable vocabulary of docs/logs.md. */
export type MessageEventName =
  | 'message.received'
  | 'lock.won'
  | 'lock.lost'
  | 'message.processed'
  | 'message.rejected'
  | 'message.duplicate'
  | 'message.retry'
  | 'message.dead'
  | 'message.recovered'
  | 'message.released';

export interface MessageEvent {
  readonly event: MessageEventName;
  readonly messageId: string;
  readonly channel: string;
  readonly group: string;
  readonly attempt?: number;
  readonly fencingToken?: string;
  /** Since this pod won the message. */
  readonly durationMs?: number;
  /** Since the message was accepted into the backlog, told with its effect; store's clock against this pod's. */
  readonly sincePublishedMs?: number;
  readonly reason?: string;
  readonly outcome?: string;
  readonly retryInMs?: number;
  readonly previousPod?: string;
  readonly trace?: TraceIds;
}

/** What the engine as a whole has to say; not about one message. */
export interface EngineNotice {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly event: string;
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Of the message that it concerns, if it is one. */
  readonly trace?: TraceIds;
}

export type TimedCall = 'claim' | 'handle' | 'commit' | 'publish';

/** Where everything observable goes: logs and metrics hang here, adapters and engine emit nothing themselves. */
export interface Telemetry {
  message(event: MessageEvent): void;
  notice(notice: EngineNotice): void;
  /** @param durationMs how long one call took  @param batch how many messages it carried */
  timed(call: TimedCall, channel: string, group: string, durationMs: number, batch: number): void;
  /** What the store answered to one message that was published. */
  published?(channel: string, result: PublishResult['kind']): void;
}

export const silentTelemetry: Telemetry = {
  message: () => undefined,
  notice: () => undefined,
  timed: () => undefined,
};

export interface TraceIds {
  readonly traceId: string;
  readonly spanId: string;
}

/** The span of one piece of work. */
export interface ActiveSpan {
  readonly ids?: TraceIds;
  /** Runs `work` with the span active, so that spans made inside become its children. */
  run<T>(work: () => T): T;
  end(outcome: string, error?: unknown): void;
}

/** Carries one trace from the publisher through the message to whoever processes it. */
export interface Tracer {
  /** Headers that carry the caller's active trace. */
  inject(): Headers;
  /** The ids of the caller's active span. */
  active(): TraceIds | undefined;
  /** What a line about a message carries outside of its span: the ids that its headers brought, or of its claim. */
  idsOf(headers: Headers): TraceIds | undefined;
  startProcess(message: {
    id: string;
    channel: string;
    group: string;
    attempt: number;
    headers: Headers;
  }): ActiveSpan;
  startPublish(channel: string, id: string): ActiveSpan;
  /** The same store, with a span for each message won and for each event sent. Absent: nothing is wrapped. */
  watching?(store: MessageStore, clock: Clock): MessageStore;
}

const nothing = Object.freeze({});

/** For an event about a message outside of its span; empty without a tracer. */
export function traceOf(tracer: Tracer, headers: Headers): { readonly trace?: TraceIds } {
  const trace = tracer.idsOf(headers);
  return trace ? { trace } : nothing;
}

const inertSpan: ActiveSpan = { run: (work) => work(), end: () => undefined };

export const noTracer: Tracer = {
  inject: () => ({}),
  active: () => undefined,
  idsOf: () => undefined,
  startProcess: () => inertSpan,
  startPublish: () => inertSpan,
};
