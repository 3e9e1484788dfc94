import type { EngineNotice, MessageEvent, MessageEventName } from '@onlyonce/core';

export type LogLevel = EngineNotice['level'] | 'fatal';

/** What one line of the vocabulary (docs/logs.md) carries beyond the head of every line. */
export interface LogEventDefinition<Field extends string = string> {
  readonly levels: readonly LogLevel[];
  /** In every such line. */
  readonly fields: readonly Field[];
  /** In some. */
  readonly optional?: readonly Field[];
}

/** What createLogger and a tracer put into lines. */
export const lineHead = ['level', 'time', 'service', 'env', 'version', 'pod'] as const;
export const lineTrace = ['dd.trace_id', 'dd.span_id'] as const;

type MessageField = Exclude<keyof MessageEvent, 'event' | 'trace'>;

const ids = ['messageId', 'channel', 'group'] as const;
const claim = ['attempt', 'fencingToken'] as const;
const settled = ['outcome', 'durationMs', 'sincePublishedMs'] as const;

/** Lines about one message. The compiler holds the names and fields to those that core can emit. */
export const messageEvents = {
  'message.received': { levels: ['info'], fields: ids },
  'lock.won': { levels: ['info'], fields: [...ids, ...claim] },
  'lock.lost': { levels: ['info'], fields: [...ids, 'reason'], optional: claim },
  'message.processed': { levels: ['info'], fields: [...ids, ...claim, ...settled] },
  'message.rejected': { levels: ['info'], fields: [...ids, ...claim, ...settled], optional: ['reason'] },
  'message.duplicate': {
    levels: ['info'],
    fields: [...ids, ...claim, 'reason', 'durationMs'],
    optional: ['outcome'],
  },
  'message.retry': { levels: ['warn'], fields: [...ids, ...claim, 'reason', 'retryInMs', 'durationMs'] },
  'message.dead': { levels: ['error'], fields: [...ids, ...claim, 'reason', 'outcome', 'durationMs'] },
  'message.recovered': { levels: ['info'], fields: [...ids, ...claim, 'reason'], optional: ['previousPod'] },
  'message.released': { levels: ['info'], fields: [...ids, ...claim] },
} as const satisfies Readonly<Record<MessageEventName, LogEventDefinition<MessageField>>>;

const ref = ['channel', 'group', 'msg'] as const;

/** Lines of the engine. That these are all is held by a test, which reads the sources. */
export const engineEvents = {
  guarantee: {
    levels: ['info', 'warn'],
    fields: ['msg', 'effects', 'acceptance', 'weaknesses', 'remarks', 'store'],
  },
  'message.redriven': { levels: ['info'], fields: [...ref, 'messageId'] },
  'engine.start_failed': { levels: ['warn', 'error'], fields: ['msg', 'error'] },
  'engine.stats_failed': { levels: ['debug'], fields: [...ref, 'error'] },
  'engine.resubscribed': { levels: ['info'], fields: ref },
  'engine.register_failed': { levels: ['error'], fields: [...ref, 'error'] },
  'engine.bad_envelope': { levels: ['warn'], fields: [...ref, 'sample'] },
  'engine.claim_failed': { levels: ['error'], fields: [...ref, 'messages', 'error'] },
  'engine.pull_failed': { levels: ['error'], fields: [...ref, 'error'] },
  'engine.scan_failed': { levels: ['error'], fields: [...ref, 'error'] },
  'engine.extend_failed': { levels: ['warn'], fields: [...ref, 'locks', 'error'] },
  'engine.release_failed': { levels: ['warn'], fields: [...ref, 'error'] },
  'engine.unsubscribe_failed': { levels: ['warn'], fields: [...ref, 'error'] },
  'engine.result_lost': { levels: ['error'], fields: [...ref, 'error'], optional: ['messageId'] },
  'engine.failure_lost': { levels: ['error'], fields: [...ref, 'error'], optional: ['messageId'] },
  'engine.on_dead_failed': { levels: ['error'], fields: ['msg', 'messageId', 'error'] },
  'engine.duty_failed': { levels: ['debug'], fields: ['msg', 'duty', 'error'] },
} as const satisfies Readonly<Record<string, LogEventDefinition>>;

/** Everything that the packages log under a name. */
export const logEvents = { ...messageEvents, ...engineEvents } as const;

export type LogEventName = keyof typeof logEvents;
type FieldsIn<Definition> = Definition extends { readonly fields: readonly (infer Field)[] }
  ? Definition extends { readonly optional: readonly (infer Optional)[] }
    ? Field | Optional
    : Field
  : never;
export type LogFieldOf<Name extends LogEventName> = FieldsIn<(typeof logEvents)[Name]> & string;
export type LogField =
  LogFieldOf<LogEventName> | 'event' | (typeof lineHead)[number] | (typeof lineTrace)[number];
