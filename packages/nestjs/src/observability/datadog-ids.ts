import type { TraceIds } from '@onlyonce/core';

/** The ids as Datadog looks for them in a log line: `dd.trace_id`, `dd.span_id`. */
export function datadogIds({ traceId, spanId }: TraceIds): {
  readonly trace_id: string;
  readonly span_id: string;
} {
  return { trace_id: traceId, span_id: spanId };
}
