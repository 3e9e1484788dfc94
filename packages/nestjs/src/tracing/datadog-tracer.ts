import type { ActiveSpan, Headers, TraceIds, Tracer } from '@onlyonce/core';
import type { Span, Tracer as DatadogApi } from 'dd-trace';

const FORMAT = 'text_map';

/** Carries one Datadog trace from the publisher through the message's headers to whoever processes it. */
export class DatadogTracer implements Tracer {
  constructor(private readonly datadog: DatadogApi) {}

  inject(): Headers {
    const span = this.datadog.scope().active();
    const headers: Record<string, string> = {};
    if (span) this.datadog.inject(span, FORMAT, headers);
    return headers;
  }

  startPublish(channel: string, id: string): ActiveSpan {
    const parent = this.datadog.scope().active();
    const tags = {
      'resource.name': channel,
      'span.kind': 'producer',
      'messaging.system': 'redis',
      'messaging.operation': 'publish',
      'messaging.destination.name': channel,
      'messaging.message.id': id,
    };
    return this.activeSpan(
      this.datadog.startSpan('redis.publish', { ...(parent ? { childOf: parent } : {}), tags }),
    );
  }

  startProcess(message: Parameters<Tracer['startProcess']>[0]): ActiveSpan {
    const { id, channel, group, attempt, headers } = message;
    const parent = this.datadog.extract(FORMAT, headers);
    const tags = {
      'resource.name': channel,
      'span.kind': 'consumer',
      'messaging.system': 'redis',
      'messaging.operation': 'process',
      'messaging.destination.name': channel,
      'messaging.message.id': id,
      'messaging.consumer.group.name': group,
      'messaging.onlyonce.attempt': attempt,
    };
    return this.activeSpan(
      this.datadog.startSpan('onlyonce.process', { ...(parent ? { childOf: parent } : {}), tags }),
    );
  }

  private activeSpan(span: Span): ActiveSpan {
    return {
      ids: idsOf(span),
      run: (work) => this.datadog.scope().activate(span, work),
      end: (outcome, error) => {
        span.setTag('messaging.onlyonce.outcome', outcome);
        if (error !== undefined) span.setTag('error', error);
        span.finish();
      },
    };
  }
}

function idsOf(span: Span): TraceIds {
  const context = span.context();
  return { traceId: context.toTraceId(), spanId: context.toSpanId() };
}
