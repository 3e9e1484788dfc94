import { errorText, HandlerTimeoutError, LockLostError } from '../errors.js';
import type { Cancel } from '../ports/clock.js';
import type { GroupRef } from '../ports/message-store.js';
import { traceOf } from '../ports/telemetry.js';
import type { ConsumerDeps } from './consumer-deps.js';
import type { ConsumerOptions } from './consumer-options.js';
import type { Delivery } from './delivery.js';
import type { InFlight } from './in-flight.js';

/** Taken off every deadline, since the answer took time to travel. */
const MARGIN = 0.05;

/** When a lock asked for at `askedAtMs` must be thought lost, on the local clock. Only ever too early. */
export function localDeadline(askedAtMs: number, lockTtlMs: number): number {
  return askedAtMs + lockTtlMs * (1 - MARGIN);
}

/**
 * Keeps the locks of long handlers alive, and tells handlers whose lock is lost. It never decides what counts:
 * a result that still comes is offered to the store.
 */
export class LockKeeper {
  private cancel: Cancel | undefined;
  private extending = false;
  private stopped = false;

  constructor(
    private readonly deps: ConsumerDeps,
    private readonly options: ConsumerOptions,
    private readonly ref: GroupRef,
    private readonly inFlight: InFlight,
    private readonly onTimeout: (delivery: Delivery, error: HandlerTimeoutError) => void,
  ) {}

  start(): void {
    // Twice as often as locks are extended, so that a lock is looked at in time whenever it was taken.
    this.cancel = this.deps.clock.after(this.options.lockTtlMs / 6, () => {
      this.tick();
      if (!this.stopped) this.start();
    });
  }

  stop(): void {
    this.stopped = true;
    this.cancel?.();
  }

  private tick(): void {
    const now = this.deps.clock.monotonicMs();
    const due: Delivery[] = [];
    for (const delivery of this.inFlight.values()) {
      if (delivery.startedAtMs !== undefined && now - delivery.startedAtMs > this.options.handlerTimeoutMs) {
        const error = new HandlerTimeoutError(
          `the handler ran longer than ${this.options.handlerTimeoutMs} ms`,
        );
        this.onTimeout(delivery, error);
        continue;
      }
      if (now >= delivery.validUntilMs) this.abort(delivery, 'not extended in time');
      if (delivery.validUntilMs - now < (delivery.lockTtlMs * 2) / 3) due.push(delivery);
    }
    // Not awaited: a store that hangs must not keep us from noticing deadlines.
    if (due.length > 0 && !this.extending) void this.extend(due);
  }

  private async extend(due: readonly Delivery[]): Promise<void> {
    this.extending = true;
    const askedAtMs = this.deps.clock.monotonicMs();
    try {
      for (let from = 0; from < due.length; from += this.options.maxBatch) {
        const batch = due.slice(from, from + this.options.maxBatch);
        const items = batch.map(({ envelope, token, lockTtlMs }) => ({ id: envelope.id, token, lockTtlMs }));
        const lost = new Set<string>(await this.deps.store.extend(this.ref, items));
        for (const delivery of batch) {
          if (lost.has(delivery.envelope.id)) this.abort(delivery, 'taken over by another pod');
          else delivery.validUntilMs = localDeadline(askedAtMs, delivery.lockTtlMs);
        }
      }
    } catch (error) {
      // Not extended is not lost: the deadline above decides, and the next tick asks again.
      this.deps.telemetry.notice({
        level: 'warn',
        event: 'engine.extend_failed',
        message: 'locks could not be extended now',
        fields: { ...this.ref, locks: due.length, error: errorText(error) },
      });
    } finally {
      this.extending = false;
    }
  }

  /** Tells a handler that its lock is lost. */
  abort(delivery: Delivery, why: string): void {
    if (delivery.controller.signal.aborted || delivery.settled) return;
    this.deps.telemetry.message({
      event: 'lock.lost',
      messageId: delivery.envelope.id,
      ...this.ref,
      attempt: delivery.attempt,
      fencingToken: delivery.token.fence,
      reason: why,
      ...(delivery.span?.ids
        ? { trace: delivery.span.ids }
        : traceOf(this.deps.tracer, delivery.envelope.headers)),
    });
    delivery.controller.abort(new LockLostError(`the lock of ${delivery.envelope.id} was lost: ${why}`));
  }
}
