export interface Timer {
  readonly dueMs: number;
  /** Set first, due first. */
  readonly order: number;
  readonly task: () => void;
  cancelled: boolean;
}

/** A heap: with a hundred thousand timers, an ordered list would spend its time moving them about. */
export class TimerQueue {
  private readonly heap: Timer[] = [];

  /** Timers that are not cancelled. */
  get waiting(): number {
    return this.heap.filter(({ cancelled }) => !cancelled).length;
  }

  add(timer: Timer): void {
    let at = this.heap.push(timer) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.swapIfLater(above, at)) return;
      at = above;
    }
  }

  /** Takes out the next timer if it is due by then. */
  takeDue(untilMs: number): Timer | undefined {
    for (let next = this.heap[0]; next && next.dueMs <= untilMs; next = this.heap[0]) {
      this.removeFirst();
      if (!next.cancelled) return next;
    }
    return undefined;
  }

  private removeFirst(): void {
    const last = this.heap.pop();
    if (!last || this.heap.length === 0) return;
    this.heap[0] = last;
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const earlier = this.isLater(left, right) ? right : left;
      if (!this.swapIfLater(at, earlier)) return;
      at = earlier;
    }
  }

  private swapIfLater(one: number, other: number): boolean {
    if (!this.isLater(one, other)) return false;
    const [first, second] = [this.heap[one], this.heap[other]];
    if (!first || !second) return false;
    this.heap[one] = second;
    this.heap[other] = first;
    return true;
  }

  private isLater(one: number, other: number): boolean {
    const [first, second] = [this.heap[one], this.heap[other]];
    if (!first || !second) return false;
    return first.dueMs > second.dueMs || (first.dueMs === second.dueMs && first.order > second.order);
  }
}
