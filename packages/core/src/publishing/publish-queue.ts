import type { Clock } from '../ports/clock.js';

/** From so many on, a second call may be under way: one alone would be the bottleneck. */
const MANY_WAITING = 64;
/** Nobody waits for longer than this, in milliseconds, only because one call is slow. */
const SLOW_CALL_MS = 25;

/**
 * Gathers what comes while a call is under way, and sends it as one: under no load an item travels alone and at once,
 * and the number of calls per item falls as load rises.
 *
 * One call at a time as long as it can carry all that comes, since that makes the largest batches: in a batch of 64 a
 * message costs the store half of what it does in one of 8. Two at most.
 */
export class PublishQueue<Item> {
  private waiting: Item[] = [];
  private calling = 0;
  private lastCallAtMs = 0;
  private scheduled = false;
  private watching = false;

  constructor(
    private readonly maxBatch: number,
    private readonly clock: Clock,
    /** Answers every item itself; never rejects. */
    private readonly send: (items: readonly Item[]) => Promise<void>,
    /** Later, so that everything submitted in one go shares the call. */
    private readonly soon: (task: () => void) => void = queueMicrotask,
  ) {}

  submit(item: Item): void {
    this.waiting.push(item);
    this.pumpSoon();
  }

  private pumpSoon(): void {
    if (this.scheduled || this.waiting.length === 0) return;
    this.scheduled = true;
    this.soon(() => {
      this.scheduled = false;
      this.pump();
    });
  }

  private pump(): void {
    while (this.waiting.length > 0) {
      const delayMs = this.delayMs();
      if (delayMs > 0) {
        this.pumpLater(delayMs);
        return;
      }
      this.call(this.next());
    }
  }

  private call(batch: readonly Item[]): void {
    this.calling += 1;
    this.lastCallAtMs = this.clock.monotonicMs();
    void this.send(batch).finally(() => {
      this.calling -= 1;
      this.pumpSoon();
    });
  }

  private next(): readonly Item[] {
    const { waiting, maxBatch } = this;
    if (waiting.length <= maxBatch) {
      this.waiting = [];
      return waiting;
    }
    this.waiting = waiting.slice(maxBatch);
    return waiting.slice(0, maxBatch);
  }

  /** How long the next call has to wait; Infinity for "until one has ended". */
  private delayMs(): number {
    if (this.calling === 0) return 0;
    if (this.calling > 1) return Infinity;
    if (this.waiting.length >= MANY_WAITING) return 0;
    return Math.max(0, this.lastCallAtMs + SLOW_CALL_MS - this.clock.monotonicMs());
  }

  private pumpLater(delayMs: number): void {
    if (this.watching || delayMs === Infinity) return;
    this.watching = true;
    this.clock.after(Math.ceil(delayMs), () => {
      this.watching = false;
      this.pump();
    });
  }
}
