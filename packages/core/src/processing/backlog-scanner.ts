import { errorText } from '../errors.js';
import type { EntryId } from '../ids.js';
import type { Cancel } from '../ports/clock.js';
import type { WonMessage } from '../ports/message-store.js';
import { claimCall, type ClaimerContext } from './claimer.js';
import type { Delivery } from './delivery.js';
import { wonDelivery } from './won-delivery.js';

const AFTER_ERROR_MS = 500;

/** One reading of the backlog from its head to its end, page by page. */
interface Pass {
  /** The latest request when the pass began: reaching the end answers it and all before it. */
  readonly answers: number;
  readonly olderThanMs: number;
  cursor: EntryId | undefined;
}

/**
 * All the recovery there is: reads the backlog for what the fast path did not bring. Due retries, messages whose
 * owner died, messages nobody heard of. One call is under way at most; a pass waits while there is no room.
 */
export class BacklogScanner {
  private requested = 0;
  private answered = 0;
  private pass: Pass | undefined;
  private reading: Promise<void> | undefined;
  private stopped = false;
  private sweepTimer: Cancel | undefined;
  private waiters: { readonly request: number; readonly wake: () => void }[] = [];
  /** Pods of the group heard of lately; as of the last page. */
  livePods = 1;

  constructor(
    private readonly context: ClaimerContext,
    private readonly onRecovered: (delivery: Delivery, message: WonMessage) => void,
  ) {}

  /** Sweeps now and then, at moments of this pod's own, from now on. */
  start(): void {
    const { options, deps } = this.context;
    const jitter = 0.75 + deps.random.next() / 2;
    this.sweepTimer = deps.clock.after(options.sweepIntervalMs * jitter, () => {
      this.sweep();
      if (!this.stopped) this.start();
    });
  }

  /** Resolves when no page is being read any more, and what the last one won has been handed on. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.sweepTimer?.();
    for (const { wake } of this.waiters.splice(0)) wake();
    await this.reading;
  }

  /** Reads the whole backlog, however young its entries, as soon as there is room. */
  scanAll(): void {
    this.requested += 1;
    this.pump();
  }

  /** Resolves when everything asked for so far has been read to the end. */
  whenCaughtUp(): Promise<void> {
    if (this.answered >= this.requested || this.stopped) return Promise.resolve();
    return new Promise((wake) => this.waiters.push({ request: this.requested, wake }));
  }

  /** There may be room again. */
  pump(): void {
    if (this.reading || this.stopped || this.context.inFlight.room === 0) return;
    if (!this.pass) {
      if (this.answered >= this.requested) return;
      this.pass = { answers: this.requested, olderThanMs: 0, cursor: undefined };
    }
    this.reading = this.readPage(this.pass).finally(() => {
      this.reading = undefined;
      this.pump();
    });
  }

  private sweep(): void {
    // A pass that waits for room covers what this sweep would find.
    this.pass ??= {
      answers: this.answered,
      olderThanMs: this.context.options.sweepGraceMs,
      cursor: undefined,
    };
    this.pump();
  }

  private async readPage(pass: Pass): Promise<void> {
    const { deps, options, ref, inFlight, hooks } = this.context;
    try {
      const { answer, askedAtMs } = await claimCall(
        this.context,
        (request) =>
          deps.store.claimDue(ref, {
            ...request,
            limit: Math.min(inFlight.room, options.maxBatch),
            olderThanMs: pass.olderThanMs,
            cursor: pass.cursor,
            suspectSlots: inFlight.suspects > 0 ? 0 : 1,
          }),
        (result) => result.won.length,
      );
      this.livePods = answer.livePods;
      pass.cursor = answer.cursor;
      if (answer.cursor === undefined) this.finish(pass);
      if (answer.won.length === 0) return;
      await deps.crashPoints.reach(
        'claim.answered',
        answer.won.map(({ envelope }) => envelope.id),
      );
      const deliveries = answer.won.map((message) => {
        const delivery = wonDelivery(message, askedAtMs);
        this.onRecovered(delivery, message);
        return delivery;
      });
      await hooks.won(deliveries);
    } catch (error) {
      deps.telemetry.notice({
        level: 'error',
        event: 'engine.scan_failed',
        message: 'the backlog could not be read; trying again',
        fields: { ...ref, error: errorText(error) },
      });
      await new Promise<void>((resolve) => deps.clock.after(AFTER_ERROR_MS, resolve));
    }
  }

  private finish(pass: Pass): void {
    this.pass = undefined;
    this.answered = Math.max(this.answered, pass.answers);
    const woken = this.waiters.filter(({ request }) => request <= this.answered);
    this.waiters = this.waiters.filter(({ request }) => request > this.answered);
    for (const { wake } of woken) wake();
  }
}
