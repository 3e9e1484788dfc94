import type { Clock } from '../ports/clock.js';

/** Something that is over when it has been answered, or when its time has come. */
export interface Pending {
  readonly over: boolean;
}

interface Entry<Item> {
  readonly item: Item;
  readonly expiresAtMs: number;
}

/**
 * Deadlines that are all equally far away: they come in the order in which they were set, so that one timer serves
 * them all. A timer of its own for each of tens of thousands of messages a second would cost more than the rest of
 * the waiting.
 */
export class Deadlines<Item extends Pending> {
  private readonly entries: (Entry<Item> | undefined)[] = [];
  /** Those before it are over and let go of. */
  private first = 0;
  private armed = false;

  constructor(
    private readonly clock: Clock,
    private readonly withinMs: number,
    private readonly expire: (item: Item) => void,
  ) {}

  add(item: Item): void {
    this.entries.push({ item, expiresAtMs: this.clock.monotonicMs() + this.withinMs });
    this.arm(this.withinMs);
  }

  /** Lets go of what is over, as far as it is at the front: called as often as something is answered. */
  sweep(): void {
    while (this.entries[this.first]?.item.over) {
      // At once, since what has been answered would otherwise be dragged through the next collections of garbage.
      this.entries[this.first] = undefined;
      this.first += 1;
    }
    // Moved seldom, so that each is moved about once.
    if (this.first < 1_024 && this.first < this.entries.length) return;
    this.entries.splice(0, this.first);
    this.first = 0;
  }

  private arm(delayMs: number): void {
    if (this.armed) return;
    this.armed = true;
    this.clock.after(delayMs, () => {
      this.armed = false;
      this.ring();
    });
  }

  private ring(): void {
    const nowMs = this.clock.monotonicMs();
    for (let at = this.first; at < this.entries.length; at += 1) {
      const entry = this.entries[at];
      if (!entry || entry.item.over) continue;
      const { item, expiresAtMs } = entry;
      // A timer may ring a fraction of a millisecond early.
      if (expiresAtMs > nowMs) {
        this.arm(Math.max(1, expiresAtMs - nowMs));
        break;
      }
      this.expire(item);
    }
    this.sweep();
  }
}
