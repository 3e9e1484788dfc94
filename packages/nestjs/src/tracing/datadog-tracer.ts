import type { ActiveSpan, Clock, Headers, MessageStore, TraceIds, Tracer } from '@onlyonce/core';
import type { Span, SpanContext, Tracer as DatadogApi } from 'dd-trace';
import type { MetricsSink } from './metrics-sink.js';
import { Pathways, type Scoped } from './pathways.js';
import { idsOf, messageTags, redeliveryLink, type Redelivery } from './span-tags.js';
import { traceIdsFrom } from './trace-ids.js';
import { tracedStore, type Claimed, type Sending, type StoreSpans } from './traced-store.js';

const FORMAT = 'text_map';
/**
 * What a trace needs is far shorter. A client of HTTP may send baggage and trace state of its own, which would be kept
 * with each message and go to every replica: longer than this they end here.
 */
const MOST_CHARACTERS = 512;

/** What this process knows of a message that it has won. */
interface Won {
  readonly ids: TraceIds;
  readonly pod: string;
  readonly redelivery: Redelivery | undefined;
  process?: Processing;
}

interface Processing {
  readonly span: Span;
  readonly scoped: Scoped;
}

/**
 * Carries one Datadog trace from the publisher through the message's headers to whoever processes it:
 * `redis.publish`, of which each `onlyonce.claim` and each `onlyonce.process` is a child, and so on with what a handler
 * sends. Claim and process are sent to the agent on their own, so that the claim of a pod that is killed is seen.
 */
export class DatadogTracer implements Tracer, StoreSpans {
  private readonly pathways: Pathways;
  /** By the headers as this process holds them: an object of its own per message, gone with the message. */
  private readonly won = new WeakMap<Headers, Won>();
  /** By span id, until it ends. */
  private readonly running = new Map<string, Processing>();

  /** @param metricsSink where the metrics go, if they are to be pushed */
  constructor(
    private readonly datadog: DatadogApi,
    readonly metricsSink?: MetricsSink,
  ) {
    this.pathways = new Pathways(datadog);
  }

  inject(): Headers {
    const span = this.datadog.scope().active();
    return span ? this.headersOf(span) : {};
  }

  active(): TraceIds | undefined {
    const span = this.datadog.scope().active();
    return span ? idsOf(span) : undefined;
  }

  idsOf(headers: Headers): TraceIds | undefined {
    return this.won.get(headers)?.ids ?? traceIdsFrom(headers);
  }

  watching(store: MessageStore, clock: Clock): MessageStore {
    return tracedStore(store, this, clock);
  }

  startPublish(channel: string, id: string): ActiveSpan {
    const parent = this.datadog.scope().active();
    const span = this.publishSpan(channel, id, parent);
    this.pathways.out(span, channel);
    return {
      ids: idsOf(span),
      run: (work) => this.datadog.scope().activate(span, work),
      end: (outcome, error) => {
        finish(span, outcome, error);
      },
    };
  }

  claimed({ ref, pod, envelope, history, askedAtMs, answeredAtMs }: Claimed): void {
    const { id, headers } = envelope;
    const parent = this.parentIn(headers);
    // Published without a trace: a span per claim would be a trace of its own, next to that of the processing.
    if (!parent) return;
    const attempt = history ? history.failures + history.takeovers + 1 : 1;
    const redelivery = redeliveryOf(history);
    const span = this.datadog.startSpan('onlyonce.claim', {
      childOf: parent,
      startTime: askedAtMs,
      tags: { ...messageTags('claim', { ...ref, id, attempt }), 'messaging.onlyonce.pod': pod },
    });
    if (redelivery) span.addLink(redeliveryLink(parent, redelivery));
    span.finish(answeredAtMs);
    this.won.set(headers, { ids: idsOf(span), pod, redelivery });
  }

  startProcess({ headers, ...message }: Parameters<Tracer['startProcess']>[0]): ActiveSpan {
    const parent = this.parentIn(headers);
    const won = this.won.get(headers);
    const span = this.datadog.startSpan('onlyonce.process', {
      ...(parent ? { childOf: parent } : {}),
      tags: { ...messageTags('process', message), ...(won ? { 'messaging.onlyonce.pod': won.pod } : {}) },
    });
    if (parent && won?.redelivery) span.addLink(redeliveryLink(parent, won.redelivery));
    const processing = { span, scoped: this.pathways.in(span, message.channel, headers) };
    if (won) won.process = processing;
    const ids = idsOf(span);
    this.running.set(ids.spanId, processing);
    return {
      ids,
      run: processing.scoped,
      end: (outcome, error) => {
        this.running.delete(ids.spanId);
        finish(span, outcome, error);
      },
    };
  }

  /** The span of an event that is sent with a result: a child of the processing, finished only if it was sent. */
  sending(channel: string, id: string, headers: Headers): Sending {
    // What a handler emits names its span; what tells of a death carries the headers of the message itself.
    const dying = this.won.get(headers)?.process;
    const from = dying ?? this.running.get(traceIdsFrom(headers)?.spanId ?? '');
    const parent = this.parentIn(dying ? this.headersOf(dying.span) : headers);
    const begin = (): Span => {
      const span = this.publishSpan(channel, id, parent);
      this.pathways.out(span, channel);
      return span;
    };
    // Begun where the handler ran: a span keeps the pathway of the place that it was made in.
    const span = from ? from.scoped(begin) : begin();
    return {
      headers: this.headersOf(span),
      sent: () => {
        finish(span, 'sent');
      },
    };
  }

  private publishSpan(channel: string, id: string, parent: Span | SpanContext | null): Span {
    const tags = messageTags('publish', { channel, id });
    return this.datadog.startSpan('redis.publish', { ...(parent ? { childOf: parent } : {}), tags });
  }

  private headersOf(span: Span): Headers {
    const headers: Record<string, string> = {};
    this.datadog.inject(span, FORMAT, headers);
    for (const name of ['baggage', 'tracestate']) {
      if ((headers[name]?.length ?? 0) > MOST_CHARACTERS) Reflect.deleteProperty(headers, name);
    }
    return Object.assign(headers, this.pathways.of(span));
  }

  /** A context of its own each time: spans that share one are sent to the agent only when all of them have ended. */
  private parentIn(headers: Headers): SpanContext | null {
    return this.datadog.extract(FORMAT, headers);
  }
}

function redeliveryOf(history: Claimed['history']): Redelivery | undefined {
  if (!history || history.failures + history.takeovers === 0) return undefined;
  const { failures, takeovers, previousPod } = history;
  return { kind: previousPod === undefined ? 'retry' : 'takeover', failures, takeovers, previousPod };
}

function finish(span: Span, outcome: string, error?: unknown): void {
  span.setTag('messaging.onlyonce.outcome', outcome);
  if (error !== undefined) span.setTag('error', error);
  span.finish();
}
