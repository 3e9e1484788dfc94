import { InvalidInputError, OnlyonceError, StoreRefusedError, StoreUnavailableError } from '../errors.js';
import { EffectList, type EffectSet } from '../handling/transaction.js';
import { checkedName, messageId } from '../ids.js';
import type { Clock } from '../ports/clock.js';
import type { MessageStore, PublishItem, PublishResult } from '../ports/message-store.js';
import type { Random } from '../ports/random.js';
import type { Telemetry, Tracer } from '../ports/telemetry.js';
import { Batcher } from '../processing/batcher.js';
import { persistently } from '../processing/persistent-call.js';

export interface PublisherDeps {
  readonly store: MessageStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly tracer: Tracer;
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
 * Safe to call from any number of requests at once; calls under way are gathered into few round trips.
 */
export class Publisher {
  private readonly batchers = new Map<string, Batcher<Waiting, PublishResult>>();

  constructor(
    private readonly deps: PublisherDeps,
    private readonly options: PublisherOptions = { timeoutMs: 1_500, maxBatch: 128 },
  ) {}

  /**
   * @returns accepted, duplicate (same id and body seen before), conflict (same id, other body), too-old or
   *   from-future (the id carries a time outside the horizon), or refused by a guard of `record`
   * @throws InvalidInputError the id, channel or body cannot be used
   * @throws StoreUnavailableError no answer within the time-out: whether it was accepted is unknown; publish the
   *   same id again to learn it
   * @throws StoreFullError the store has no memory left; nothing was written
   */
  async publish(channel: string, message: OutgoingMessage): Promise<PublishResult> {
    const id = messageId(message.id);
    const record = new EffectList();
    message.record?.(record);
    const body = JSON.stringify(message.body) as string | undefined;
    if (body === undefined) throw new InvalidInputError('body', 'must be something JSON can carry');
    const span = this.deps.tracer.startPublish(channel, id);
    try {
      const headers = span.run(() => this.deps.tracer.inject());
      const result = await this.withDeadline(channel, { id, body, headers, effects: record.effects });
      span.end(result.kind);
      this.deps.telemetry.published?.(channel, result.kind);
      return result;
    } catch (error) {
      span.end('error', error);
      throw error;
    }
  }

  /** One deadline for waiting and calling together: who is told "unavailable" is never sent afterwards. */
  private withDeadline(channel: string, item: PublishItem): Promise<PublishResult> {
    const waiting: Waiting = { item, expired: false };
    return new Promise((resolve, reject) => {
      const cancel = this.deps.clock.after(this.options.timeoutMs, () => {
        waiting.expired = true;
        reject(new StoreUnavailableError(`not published within ${this.options.timeoutMs} ms`));
      });
      this.batcher(channel).submit(waiting).then(resolve, reject).finally(cancel);
    });
  }

  private batcher(channel: string): Batcher<Waiting, PublishResult> {
    const known = this.batchers.get(channel);
    if (known) return known;
    checkedName('channel', channel);
    const limits = { maxBatch: this.options.maxBatch, parallelCalls: 2 };
    const made = new Batcher<Waiting, PublishResult>(limits, (batch) => this.send(channel, batch));
    this.batchers.set(channel, made);
    return made;
  }

  private async send(channel: string, batch: readonly Waiting[]): Promise<readonly PublishResult[]> {
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
        asked = batch.filter(({ expired }) => !expired);
        if (asked.length === 0) return [];
        return store.publish(
          channel,
          asked.map(({ item }) => item),
        );
      };
      const results = await persistently({ clock, random, signal: giveUp.signal }, call);
      let next = 0;
      return batch.map((waiting) =>
        waiting === asked[next] ? (results[next++] ?? expiredResult) : expiredResult,
      );
    } catch (error) {
      if (error instanceof OnlyonceError) throw error;
      throw new StoreRefusedError('publish failed', { cause: error });
    } finally {
      cancel();
      if (asked.length > 0) {
        telemetry.timed('publish', channel, '', clock.monotonicMs() - began, asked.length);
      }
    }
  }
}

interface Waiting {
  readonly item: PublishItem;
  expired: boolean;
}

/** Takes the place of an answer that nobody waits for any more. */
const expiredResult: PublishResult = { kind: 'refused', reason: 'expired' };
