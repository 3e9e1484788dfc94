import { errorText } from '../errors.js';
import type { EntryId } from '../ids.js';
import type { Cancel } from '../ports/clock.js';
import type { ClaimDueResult, WonMessage } from '../ports/message-store.js';
import { claimCall, type ClaimerContext } from './claimer.js';
import type { Delivery } from './delivery.js';
import { wonDelivery } from './won-delivery.js';

const AFTER_ERROR_MS = 500;
/** While a long backlog is pulled, one page in so many looks for due retries, which must not wait for its end. */
const PULLED_PAGES_PER_SCANNED = 7;

/** One reading of the backlog from its head to its end, page by page. */
interface Pass {
  /** The latest request when the pass began: reaching the end answers it and all before it. */
  readonly answers: number;
  readonly olderThanMs: number;
  cursor: EntryId | undefined;
  /**
   * While this is set, pages are pulled: pods that read the same long backlog together then take disjoint pages, where
   * scanning each would look at every entry the others hold. Pulled last, '' for nothing yet.
   */
  pulled: EntryId | '' | undefined;
  pages: number;
}

/** Who shares the work of a group: how many pods, and which of them this is in the order of their names. */
export type Crew = Pick<ClaimDueResult, 'livePods' | 'podIndex'>;

interface Page {
  readonly won: readonly WonMessage[];
  readonly askedAtMs: number;
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
  /** As of the last page that was looked through. */
  crew: Crew = { livePods: 1, podIndex: 0 };

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
      this.pass = {
        answers: this.requested,
        olderThanMs: 0,
        cursor: undefined,
        pulled: '',
        pages: 0,
      };
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
      pulled: undefined,
      pages: 0,
    };
    this.pump();
  }

  private async readPage(pass: Pass): Promise<void> {
    const { deps, ref, hooks } = this.context;
    try {
      const scans = pass.pulled === undefined || pass.pages % (PULLED_PAGES_PER_SCANNED + 1) === 0;
      pass.pages += 1;
      const { won, askedAtMs } = scans ? await this.scan(pass) : await this.pull(pass);
      if (won.length === 0) return;
      await deps.crashPoints.reach(
        'claim.answered',
        won.map(({ envelope }) => envelope.id),
      );
      const deliveries = won.map((message) => {
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

  private async scan(pass: Pass): Promise<Page> {
    const { deps, ref, inFlight } = this.context;
    const { answer, askedAtMs } = await claimCall(
      this.context,
      (request) =>
        deps.store.claimDue(ref, {
          ...request,
          limit: this.limit,
          olderThanMs: pass.olderThanMs,
          cursor: pass.pulled === undefined || pass.pulled === '' ? pass.cursor : pass.pulled,
          suspectSlots: inFlight.suspects > 0 ? 0 : 1,
        }),
      (result) => result.won.length,
    );
    this.crew = { livePods: answer.livePods, podIndex: answer.podIndex };
    if (pass.pulled === undefined) {
      pass.cursor = answer.cursor;
      if (answer.cursor === undefined) this.finish(pass);
    } else if (answer.cursor === undefined) {
      // Nothing is left to pull. What was skipped because somebody held it is looked at from the head on.
      if (pass.pulled === '') this.finish(pass);
      pass.pulled = undefined;
    }
    return { won: answer.won, askedAtMs };
  }

  private async pull(pass: Pass): Promise<Page> {
    const { deps, ref } = this.context;
    const { limit } = this;
    const { answer, askedAtMs } = await claimCall(
      this.context,
      (request) => deps.store.pull(ref, { ...request, limit }),
      (won) => won.length,
    );
    pass.pulled = answer.length < limit ? undefined : answer.at(-1)?.envelope.entryId;
    return { won: answer, askedAtMs };
  }

  private get limit(): number {
    return Math.min(this.context.inFlight.room, this.context.options.maxBatch);
  }

  private finish(pass: Pass): void {
    this.pass = undefined;
    this.answered = Math.max(this.answered, pass.answers);
    const woken = this.waiters.filter(({ request }) => request <= this.answered);
    this.waiters = this.waiters.filter(({ request }) => request > this.answered);
    for (const { wake } of woken) wake();
  }
}
