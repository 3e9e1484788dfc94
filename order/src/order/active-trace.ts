import type { Tracer } from '@onlyonce/core';

/** Datadog's ids of the active trace, as a log line carries them; nothing without a tracer. */
export function activeTrace(tracer: Tracer): {
  readonly dd?: { readonly trace_id: string; readonly span_id: string };
} {
  const ids = tracer.active();
  return ids ? { dd: { trace_id: ids.traceId, span_id: ids.spanId } } : {};
}
