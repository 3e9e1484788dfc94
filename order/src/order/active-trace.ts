import type { Tracer } from '@onlyonce/core';

/** Datadog's ids of the active trace, as a log line carries them; nothing without a tracer. */
export function activeTrace(tracer: Tracer): {
  readonly dd?: { readonly trace_id: string; readonly span_id: string };
} {
  const headers = tracer.inject();
  const traceId = headers['x-datadog-trace-id'];
  const spanId = headers['x-datadog-parent-id'];
  return traceId === undefined || spanId === undefined ? {} : { dd: { trace_id: traceId, span_id: spanId } };
}
