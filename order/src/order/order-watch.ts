import type { Clock, Cancel } from '@onlyonce/core';
import { isSettled } from './order.js';
import type { OrderStore } from './order-store.js';

const POLL_MS = 150;
const READ_WITHIN_MS = 1_000;
/** One call reads so many; with more waiting, they take turns. */
const MAX_PER_READ = 500;

/**
 * Wakes requests that wait for their orders to be settled. One read per tick serves all of them, however many wait;
 * and an order settled by this pod is read at once. The other replicas may settle it, too, hence the ticks.
 */
export class OrderWatch {
  private readonly waiting = new Map<string, Set<() => void>>();
  private readonly urgent = new Set<string>();
  private cancelTick: Cancel | undefined;
  private reading = false;
  private stopped = false;

  constructor(
    private readonly store: OrderStore,
    private readonly clock: Clock,
  ) {}

  /** Requests that wait now. */
  get size(): number {
    return this.waiting.size;
  }

  /**
   * Resolves when the order is settled, the time is over, the signal aborts or the watch stops, whichever is first.
   * Never rejects; whoever waits reads the order then.
   */
  whenSettled(orderId: string, withinMs: number, signal: AbortSignal): Promise<void> {
    if (this.stopped || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        signal.removeEventListener('abort', wake);
        this.forget(orderId, wake);
        resolve();
      };
      const cancel = this.clock.after(withinMs, wake);
      signal.addEventListener('abort', wake);
      const others = this.waiting.get(orderId);
      if (others) others.add(wake);
      else this.waiting.set(orderId, new Set([wake]));
      this.tickLater(POLL_MS);
    });
  }

  /** The order may have been settled just now. */
  nudge(orderId: string): void {
    if (!this.waiting.has(orderId)) return;
    this.urgent.add(orderId);
    this.tickLater(0);
  }

  stop(): void {
    this.stopped = true;
    this.cancelTick?.();
    for (const wakes of [...this.waiting.values()]) for (const wake of [...wakes]) wake();
  }

  private forget(orderId: string, wake: () => void): void {
    const wakes = this.waiting.get(orderId);
    wakes?.delete(wake);
    if (wakes?.size !== 0) return;
    this.waiting.delete(orderId);
    this.urgent.delete(orderId);
  }

  private tickLater(delayMs: number): void {
    if (this.reading || this.stopped || (this.cancelTick && delayMs > 0)) return;
    this.cancelTick?.();
    this.cancelTick = this.clock.after(delayMs, () => {
      this.cancelTick = undefined;
      void this.tick();
    });
  }

  private async tick(): Promise<void> {
    const orderIds = this.next();
    this.reading = true;
    try {
      if (orderIds.length > 0) this.wakeSettled(orderIds, await this.store.find(orderIds, READ_WITHIN_MS));
    } catch {
      // The store is away: they keep waiting, and whoever's time is over finds out by reading.
    } finally {
      this.reading = false;
      if (this.waiting.size > 0) this.tickLater(this.urgent.size > 0 ? 0 : POLL_MS);
    }
  }

  /** Urgent ones alone when there are any; else those that have not been read for longest. */
  private next(): string[] {
    if (this.urgent.size > 0) {
      const orderIds = [...this.urgent].slice(0, MAX_PER_READ);
      for (const orderId of orderIds) this.urgent.delete(orderId);
      return orderIds;
    }
    const orderIds = [...this.waiting.keys()].slice(0, MAX_PER_READ);
    for (const orderId of orderIds) {
      const wakes = this.waiting.get(orderId);
      if (!wakes) continue;
      // A Map keeps the order of insertion: to the end of the queue.
      this.waiting.delete(orderId);
      this.waiting.set(orderId, wakes);
    }
    return orderIds;
  }

  private wakeSettled(orderIds: readonly string[], orders: Awaited<ReturnType<OrderStore['find']>>): void {
    orderIds.forEach((orderId, at) => {
      const order = orders[at];
      if (!order || !isSettled(order)) return;
      for (const wake of [...(this.waiting.get(orderId) ?? [])]) wake();
    });
  }
}
