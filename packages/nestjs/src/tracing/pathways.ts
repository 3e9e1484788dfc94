import { AsyncLocalStorage } from 'node:async_hooks';
import type { Headers } from '@onlyonce/core';
import type { Span, Tracer as DatadogApi } from 'dd-trace';

const TYPE = 'redis';

/** Runs work where a span, and the pathway that led to it, are the current ones. */
export type Scoped = <T>(work: () => T) => T;

/**
 * Checkpoints of Data Streams Monitoring: where a message went out, where it was taken in. Does nothing unless
 * DD_DATA_STREAMS_ENABLED is true. A checkpoint changes the context that it is made in for whatever runs there later,
 * so each is made inside the scope of its span.
 */
export class Pathways {
  private readonly bySpan = new WeakMap<Span, Headers>();

  constructor(private readonly datadog: DatadogApi) {}

  /** A message goes out; what it must carry is in `of(span)` then. */
  out(span: Span, channel: string): void {
    const carrier: Record<string, string> = {};
    this.datadog.scope().activate(span, () => {
      this.datadog.dataStreamsCheckpointer.setProduceCheckpoint(TYPE, channel, carrier);
    });
    if (Object.keys(carrier).length > 0) this.bySpan.set(span, carrier);
  }

  /** A message was won: told by who processes it, not by all who hear it. */
  in(span: Span, channel: string, headers: Headers): Scoped {
    const scope = this.datadog.scope();
    return scope.activate(span, () => {
      const on: unknown = this.datadog.dataStreamsCheckpointer.setConsumeCheckpoint(TYPE, channel, headers);
      // Kept as it is here, for all that the handler does and for what is sent with its result.
      if (on !== undefined) return AsyncLocalStorage.snapshot();
      return (work) => scope.activate(span, work);
    });
  }

  of(span: Span): Headers | undefined {
    return this.bySpan.get(span);
  }
}
