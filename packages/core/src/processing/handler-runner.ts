import { BusinessRejection, errorText, InvalidMessageError } from '../errors.js';
import type { OutgoingEvent } from '../handling/effects.js';
import type { DeathHandler, MessageHandler, MessageLog, Schema } from '../handling/handler.js';
import { TransactionRecorder } from '../handling/transaction.js';
import { traceOf } from '../ports/telemetry.js';
import type { ConsumerDeps } from './consumer-deps.js';
import type { ConsumerOptions } from './consumer-options.js';
import { DeliveryContext } from './delivery-context.js';
import type { Delivery } from './delivery.js';
import type { Settlement } from './settler.js';

/** What one group of one channel does with its messages. */
export interface HandlerDefinition {
  /** The channel that an event goes to which the handler emits to `name`. Default: the one of that name. */
  readonly channelNamed?: ((name: string) => string) | undefined;
  readonly handle: MessageHandler<unknown>;
  readonly schema?: Schema<unknown> | undefined;
  readonly onDead?: DeathHandler | undefined;
  readonly log: (delivery: {
    messageId: string;
    attempt: number;
    traceId?: string;
    spanId?: string;
  }) => MessageLog;
}

export type HandlerResult =
  | { readonly kind: 'commit'; readonly settlement: Settlement }
  | { readonly kind: 'fail'; readonly error: unknown };

/** Runs a handler once, and turns whatever comes of it into something that can be reported to the store. */
export class HandlerRunner {
  constructor(
    private readonly deps: ConsumerDeps,
    private readonly options: ConsumerOptions,
    private readonly definition: HandlerDefinition,
  ) {}

  async run(delivery: Delivery): Promise<HandlerResult> {
    const { envelope } = delivery;
    const span = this.deps.tracer.startProcess({
      id: envelope.id,
      channel: this.options.channel,
      group: this.options.group,
      attempt: delivery.attempt,
      headers: envelope.headers,
    });
    delivery.span = span;
    const began = this.deps.clock.monotonicMs();
    delivery.startedAtMs = began;
    try {
      const starting = this.deps.crashPoints.reach('handler.started', [envelope.id]);
      if (starting) await starting;
      const parsed = parsedBody(envelope.body);
      const { schema } = this.definition;
      const body = schema ? await fitted(parsed, schema) : parsed;
      const tx = this.recorder(delivery);
      let rejection: BusinessRejection | undefined;
      try {
        const working = span.run(() => this.definition.handle(body, this.context(delivery, tx)));
        if (working) await working;
      } catch (error) {
        if (!(error instanceof BusinessRejection)) throw error;
        rejection = error;
      }
      const settlement = this.settlementOf(tx, rejection);
      const done = this.deps.crashPoints.reach('handler.done', [envelope.id]);
      if (done) await done;
      return { kind: 'commit', settlement };
    } catch (error) {
      return { kind: 'fail', error };
    } finally {
      const { channel, group } = this.options;
      this.deps.telemetry.timed('handle', channel, group, this.deps.clock.monotonicMs() - began, 1);
    }
  }

  /** The events that go out if this failure turns out to be the message's last. */
  deathEvents(delivery: Delivery, error: unknown): OutgoingEvent[] {
    const { onDead } = this.definition;
    if (!onDead) return [];
    const { envelope, token } = delivery;
    try {
      const events = onDead(parsedOrUndefined(envelope.body), {
        messageId: envelope.id,
        reason: errorText(error),
        attempts: delivery.attempt,
        pod: this.options.pod,
        fencingToken: token.fence,
        atMs: this.deps.clock.wallMs(),
      });
      // The token makes the id of each death its own: a redriven message may die again, and say so again.
      const prefix = `${envelope.id}:${this.options.group}:d${token.fence}`;
      const recorder = new TransactionRecorder(prefix, envelope.headers, token.fence);
      for (const { channel, body } of events) recorder.emit(channel, body);
      return this.routed(recorder.events);
    } catch (failure) {
      this.deps.telemetry.notice({
        level: 'error',
        event: 'engine.on_dead_failed',
        message: 'onDead threw; the dead letter is recorded without its events',
        fields: { messageId: envelope.id, error: errorText(failure) },
        ...traceOf(this.deps.tracer, envelope.headers),
      });
      return [];
    }
  }

  /** @param rejection what the handler threw, if that was one */
  private settlementOf(tx: TransactionRecorder, rejection: BusinessRejection | undefined): Settlement {
    const onReject = { effects: tx.rejectionEffects, events: this.routed(tx.rejectionEvents) };
    if (!rejection) {
      return { outcome: 'confirmed', effects: tx.effects, events: this.routed(tx.events), onReject };
    }
    const { reason } = rejection;
    const events = this.routed(tx.rejectionEventsFor(reason));
    return { outcome: 'rejected', reason, effects: tx.rejectionEffects, events, onReject };
  }

  private routed<Event extends OutgoingEvent>(events: readonly Event[]): Event[] {
    const { channelNamed } = this.definition;
    if (!channelNamed) return [...events];
    return events.map((event) => ({ ...event, channel: channelNamed(event.channel) }));
  }

  private recorder(delivery: Delivery): TransactionRecorder {
    const { envelope, token, span } = delivery;
    // What is emitted goes on from this span, not from whoever published the message.
    const trace = span?.run(() => this.deps.tracer.inject()) ?? {};
    const headers = Object.keys(trace).length === 0 ? envelope.headers : { ...envelope.headers, ...trace };
    return new TransactionRecorder(`${envelope.id}:${this.options.group}`, headers, token.fence);
  }

  private context(delivery: Delivery, tx: TransactionRecorder): DeliveryContext {
    return new DeliveryContext(this.options, delivery, tx, () =>
      this.definition.log({
        messageId: delivery.envelope.id,
        attempt: delivery.attempt,
        ...delivery.span?.ids,
      }),
    );
  }
}

async function fitted(body: unknown, schema: Schema<unknown>): Promise<unknown> {
  const result = await schema['~standard'].validate(body);
  if (result.issues === undefined) return result.value;
  const faults = result.issues.map((issue) => `${pathText(issue.path)}${issue.message}`);
  throw new InvalidMessageError(`the body does not fit its schema: ${faults.join('; ')}`);
}

function pathText(path: readonly unknown[] | undefined): string {
  if (!path || path.length === 0) return '';
  const segments = path.map((part) =>
    String(typeof part === 'object' && part !== null && 'key' in part ? part.key : part),
  );
  return `${segments.join('.')}: `;
}

function parsedBody(text: string): unknown {
  const body = parsedOrUndefined(text);
  if (body === undefined) throw new InvalidMessageError('the body is not JSON');
  return body;
}

function parsedOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
