import type { TraceIds } from '@onlyonce/core';
import type { Span, SpanContext } from 'dd-trace';
import { loggedTraceId } from './trace-ids.js';

const KINDS = { publish: 'producer', claim: 'consumer', process: 'consumer' } as const;

export interface TaggedMessage {
  readonly id: string;
  readonly channel: string;
  readonly group?: string;
  readonly attempt?: number;
}

/** OpenTelemetry's names for messaging, and our own beside them. */
export function messageTags(
  operation: keyof typeof KINDS,
  { id, channel, group, attempt }: TaggedMessage,
): Record<string, string | number> {
  return {
    'resource.name': channel,
    'span.kind': KINDS[operation],
    'span.type': 'queue',
    component: 'onlyonce',
    'messaging.system': 'redis',
    'messaging.operation': operation,
    'messaging.destination.name': channel,
    'messaging.message.id': id,
    ...(group === undefined ? {} : { 'messaging.consumer.group.name': group }),
    ...(attempt === undefined ? {} : { 'messaging.onlyonce.attempt': attempt }),
  };
}

/** Why a message came again. */
export interface Redelivery {
  readonly kind: 'retry' | 'takeover';
  readonly failures: number;
  readonly takeovers: number;
  readonly previousPod: string | undefined;
}

/**
 * Says of a span that it is not the first of its message: a link to where the message came from, with the reason. The
 * span of the attempt before is in the same trace; its id is known to nobody but a pod that may be dead.
 */
export function redeliveryLink(
  context: SpanContext,
  { kind, failures, takeovers, previousPod }: Redelivery,
): { context: SpanContext; attributes: Record<string, string | number> } {
  const attributes = {
    'messaging.onlyonce.redelivery': kind,
    'messaging.onlyonce.failures': failures,
    'messaging.onlyonce.takeovers': takeovers,
    ...(previousPod === undefined ? {} : { 'messaging.onlyonce.previous_pod': previousPod }),
  };
  return { context, attributes };
}

export function idsOf(span: Span): TraceIds {
  // dd-trace's types leave out that it takes this: all 128 bits, in hexadecimal.
  const context = span.context() as SpanContext & { toTraceId(full: true): string };
  return { traceId: loggedTraceId(context.toTraceId(true)), spanId: context.toSpanId() };
}
