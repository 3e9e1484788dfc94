import { errorText, InvalidMessageError, PermanentFailure, RetryableFailure } from '../errors.js';
import type { OutgoingEvent } from '../handling/effects.js';
import { publishedAtMs } from '../ids.js';
import type {
  CommitItem,
  CommitResult,
  FailItem,
  FailResult,
  GroupRef,
  Outcome,
} from '../ports/message-store.js';
import { traceOf } from '../ports/telemetry.js';
import { Batcher } from './batcher.js';
import type { ConsumerDeps } from './consumer-deps.js';
import type { ConsumerOptions } from './consumer-options.js';
import type { Delivery } from './delivery.js';
import { persistently } from './persistent-call.js';
import { retryDelayMs } from './retry-policy.js';

export type Settlement = Omit<CommitItem, 'id' | 'entryId' | 'token' | 'attempt'>;

/**
 * Reports results to the store, which alone judges them: a commit that comes too late is refused there, never here.
 * Results are kept and offered again until the store answers, so a restart of the store loses none.
 */
export class Settler {
  private readonly commits: Batcher<CommitItem, CommitResult>;
  private readonly failures: Batcher<FailItem, FailResult>;
  private readonly ref: GroupRef;

  constructor(
    private readonly deps: ConsumerDeps,
    private readonly options: ConsumerOptions,
    signal: AbortSignal,
  ) {
    this.ref = { channel: options.channel, group: options.group };
    const persistence = { clock: deps.clock, random: deps.random, signal };
    const limits = { maxBatch: options.maxBatch, parallelCalls: 1 };
    this.commits = new Batcher(limits, (items) => persistently(persistence, () => this.timedCommit(items)));
    this.failures = new Batcher(limits, (items) =>
      persistently(persistence, () => deps.store.fail(this.ref, items)),
    );
  }

  /**
   * Offers a result; rejects only when the pod gives up at shutdown.
   * @returns settled when the store has judged it, or the fault that keeps its effects from being applied
   */
  async commit(delivery: Delivery, settlement: Settlement): Promise<'settled' | RetryableFailure> {
    const result = await this.commits.submit({
      ...settlement,
      id: delivery.envelope.id,
      entryId: delivery.envelope.entryId,
      token: delivery.token,
      attempt: delivery.attempt,
    });
    const answered = this.deps.crashPoints.reach('commit.answered', [delivery.envelope.id]);
    if (answered) await answered;
    switch (result.kind) {
      case 'committed':
        this.tellSettled(delivery, result.outcome, result.reason);
        return 'settled';
      case 'duplicate':
        if (result.own) {
          // Our own commit, told to us only now: the effect is this attempt's.
          this.tellSettled(delivery, result.outcome, settlement.reason);
          return 'settled';
        }
        this.tell(delivery, 'message.duplicate', { reason: 'already processed', outcome: result.outcome });
        delivery.span?.end('duplicate');
        return 'settled';
      case 'stale':
        this.tell(delivery, 'message.duplicate', { reason: 'stale fencing token' });
        delivery.span?.end('stale');
        return 'settled';
      case 'fault':
        return new RetryableFailure(`an effect cannot be applied: ${result.detail}`);
      default:
        return result satisfies never;
    }
  }

  /** Records a failure: the message is tried again later, or is dead. */
  async fail(delivery: Delivery, error: unknown, onDead: readonly OutgoingEvent[]): Promise<void> {
    const { retry } = this.options;
    const permanent = error instanceof PermanentFailure || error instanceof InvalidMessageError;
    const reason = errorText(error);
    const result = await this.failures.submit({
      id: delivery.envelope.id,
      entryId: delivery.envelope.entryId,
      token: delivery.token,
      kind: permanent ? 'permanent' : 'retryable',
      error: reason,
      maxAttempts: retry.maxAttempts,
      delayMs: retryDelayMs(retry, delivery.failures, this.deps.random.next()),
      onDead,
    });
    await this.deps.crashPoints.reach('fail.answered', [delivery.envelope.id]);
    delivery.span?.end(result.kind, error);
    switch (result.kind) {
      case 'retry':
        this.tell(delivery, 'message.retry', { reason, retryInMs: result.inMs });
        return;
      case 'dead':
        this.tell(delivery, 'message.dead', { reason, outcome: 'dead' });
        return;
      case 'stale':
        this.tell(delivery, 'message.duplicate', { reason: 'stale fencing token' });
        return;
      default:
        result satisfies never;
    }
  }

  private tellSettled(delivery: Delivery, outcome: Outcome, reason: string | undefined): void {
    const event = outcome === 'confirmed' ? 'message.processed' : 'message.rejected';
    this.tell(delivery, event, {
      outcome,
      ...this.age(delivery),
      ...(reason === undefined ? {} : { reason }),
    });
    delivery.span?.end(outcome);
  }

  private age({ envelope }: Delivery): { sincePublishedMs?: number } {
    const publishedMs = publishedAtMs(envelope.entryId);
    if (publishedMs === undefined) return {};
    // Never negative, though the two clocks may differ.
    return { sincePublishedMs: Math.max(0, Math.round(this.deps.clock.wallMs() - publishedMs)) };
  }

  private async timedCommit(items: readonly CommitItem[]): Promise<readonly CommitResult[]> {
    const { clock, store, telemetry } = this.deps;
    const began = clock.monotonicMs();
    const results = await store.commit(this.ref, items);
    telemetry.timed('commit', this.ref.channel, this.ref.group, clock.monotonicMs() - began, items.length);
    return results;
  }

  private tell(
    delivery: Delivery,
    event: 'message.processed' | 'message.rejected' | 'message.duplicate' | 'message.retry' | 'message.dead',
    fields: { reason?: string; outcome?: string; retryInMs?: number; sincePublishedMs?: number },
  ): void {
    this.deps.telemetry.message({
      event,
      messageId: delivery.envelope.id,
      channel: this.ref.channel,
      group: this.ref.group,
      attempt: delivery.attempt,
      fencingToken: delivery.token.fence,
      durationMs: Math.round(this.deps.clock.monotonicMs() - delivery.wonAtMs),
      ...(delivery.span?.ids
        ? { trace: delivery.span.ids }
        : traceOf(this.deps.tracer, delivery.envelope.headers)),
      ...fields,
    });
  }
}
