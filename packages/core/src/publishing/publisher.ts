import { InvalidInputError, OnlyonceError, StoreRefusedError, StoreUnavailableError } from '../errors.js';
import { EffectList, type EffectSet } from '../handling/transaction.js';
import { checkedName, messageId } from '../ids.js';
import type { Clock } from '../ports/clock.js';
import type { MessageStore, PublishItem, PublishResult } from '../ports/message-store.js';
import type { Random } from '../ports/random.js';
import type { ActiveSpan, Telemetry, Tracer } from '../ports/telemetry.js';
import { persistently } from '../processing/persistent-call.js';
import { Deadlines } from './deadlines.js';
import { PublishQueue } from './publish-queue.js';

export interface PublisherDeps {
  readonly store: Pick<MessageStore, 'publish'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly tracer: Tracer;
  /**
   * When what was gathered is sent: calls `task` once, later. Default: a microtask later. `setImmediate` lets all that
   * one turn of the event loop brings share a call, and lets the turn answer its callers first.
   */
  readonly soon?: (task: () => void) => void;
}

export interface PublisherOptions {
  /** How long a publish asks again while the store is away, milliseconds. Default 1,500. */
  readonly timeoutMs: number;
  /** Most messages per call. Default 128. */
  readonly maxBatch: number;
}

export interface OutgoingMessage {
  /** Publishing the same id and body again is a duplicate and changes nothing, however often. */
  readonly id: string;
  /** Anything JSON can carry. */
  readonly body: unknown;
  /** The publisher's own record, written in the same atomic step, if and only if the message is accepted. */
  readonly record?: (record: EffectSet) => void;
}

/**
 * Publishes messages: each is accepted when, and only when, it is in the durable backlog of every group.
 * Safe to call from any number of requests at once; what comes while a call is under way is gathered into the next.
 */
export class Publisher {
  private readonly queues = new Map<string, PublishQueue<Waiting>>();
  private readonly deadlines: Deadlines<Waiting>;

  constructor(
    private readonly deps: PublisherDeps,
    private readonly options: PublisherOptions = { timeoutMs: 1_500, maxBatch: 128 },
  ) {
    this.deadlines = new Deadlines(deps.clock, options.timeoutMs, (waiting) => {
      this.failed(waiting, this.tooLate());
    });
  }

  /**
   * @returns accepted, duplicate (same id and body seen before), conflict (same id, other body), too-old or
   *   from-future (the id carries a time outside the horizon), or refused by a guard of `record`
   * @throws InvalidInputError the id, channel or body cannot be used
   * @throws StoreUnavailableError no answer within the time-out, or none but that the store is full: whether it was
   *   accepted is unknown; publish the same id again to learn it
   */
  publish(channel: string, message: OutgoingMessage): Promise<PublishResult> {
    // What the executor throws rejects the promise.
    return new Promise((resolve, reject) => {
      const id = messageId(message.id);
      const queue = this.queue(channel);
      const record = new EffectList();
      message.record?.(record);
      const body = JSON.stringify(message.body) as string | undefined;
      if (body === undefined) throw new InvalidInputError('body', 'must be something JSON can carry');
      const { tracer } = this.deps;
      const span = tracer.startPublish(channel, id);
      const headers = span.run(() => tracer.inject());
      const item = { id, body, headers, effects: record.effects };
      const waiting: Waiting = { item, channel, span, resolve, reject, over: false };
      // One deadline for waiting and calling together: who is told "unavailable" is never sent afterwards.
      this.deadlines.add(waiting);
      queue.submit(waiting);
    });
  }

  private queue(channel: string): PublishQueue<Waiting> {
    const known = this.queues.get(channel);
    if (known) return known;
    checkedName('channel', channel);
    const { clock, soon } = this.deps;
    const send = (batch: readonly Waiting[]): Promise<void> => this.send(channel, batch);
    const made = new PublishQueue<Waiting>(this.options.maxBatch, clock, send, soon);
    this.queues.set(channel, made);
    return made;
  }

  private async send(channel: string, batch: readonly Waiting[]): Promise<void> {
    const { store, clock, random, telemetry } = this.deps;
    let asked: readonly Waiting[] = [];
    const began = clock.monotonicMs();
    const giveUp = new AbortController();
    const cancel = clock.after(this.options.timeoutMs, () => {
      giveUp.abort();
    });
    try {
      // Looked at before each attempt: a caller may be told between two of them.
      const call = async (): Promise<PublishResult[]> => {
        asked = batch.filter(({ over }) => !over);
        if (asked.length === 0) return [];
        return store.publish(
          channel,
          asked.map(({ item }) => item),
        );
      };
      const results = await persistently({ clock, random, signal: giveUp.signal }, call);
      asked.forEach((waiting, at) => {
        const result = results[at];
        if (result) this.answered(waiting, result);
        else
          this.failed(
            waiting,
            new StoreRefusedError(`${results.length} answers to ${asked.length} messages`),
          );
      });
    } catch (error) {
      for (const waiting of batch)
        this.failed(waiting, giveUp.signal.aborted ? this.tooLate(error) : told(error));
    } finally {
      cancel();
      this.deadlines.sweep();
      if (asked.length > 0) {
        telemetry.timed('publish', channel, '', clock.monotonicMs() - began, asked.length);
      }
    }
  }

  /** The same words whichever of the two deadlines rings first: that of the message, or that of its call. */
  private tooLate(cause?: unknown): StoreUnavailableError {
    return new StoreUnavailableError(`not published within ${this.options.timeoutMs} ms`, { cause });
  }

  private answered(waiting: Waiting, result: PublishResult): void {
    if (waiting.over) return;
    waiting.over = true;
    waiting.resolve(result);
    try {
      waiting.span.end(result.kind);
      this.deps.telemetry.published?.(waiting.channel, result.kind);
    } catch {
      // Whatever observers throw is no reason to leave the others of the batch without an answer.
    }
  }

  private failed(waiting: Waiting, error: OnlyonceError): void {
    if (waiting.over) return;
    waiting.over = true;
    waiting.reject(error);
    try {
      waiting.span.end('error', error);
    } catch {
      // As above.
    }
  }
}

interface Waiting {
  readonly item: PublishItem;
  readonly channel: string;
  readonly span: ActiveSpan;
  readonly resolve: (result: PublishResult) => void;
  readonly reject: (error: OnlyonceError) => void;
  /** Its caller has been told. */
  over: boolean;
}

function told(error: unknown): OnlyonceError {
  return error instanceof OnlyonceError ? error : new StoreRefusedError('publish failed', { cause: error });
}
