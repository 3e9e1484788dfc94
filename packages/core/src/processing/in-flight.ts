import type { Delivery } from './delivery.js';

/** What this pod has won and not settled, and how much more it may take. */
export class InFlight {
  private readonly deliveries = new Map<string, Delivery>();
  /** Claimed again by this very pod, after their lock had run out, while their handler was still running. */
  private readonly superseded = new Set<Delivery>();
  private readonly ready: Delivery[] = [];
  private running = 0;
  private idleWaiters: (() => void)[] = [];

  constructor(
    private readonly limits: {
      /** Handlers that run at the same time. */
      readonly concurrency: number;
      /** Won and not settled, whatever they wait for. */
      readonly maxInFlight: number;
    },
  ) {}

  get size(): number {
    return this.deliveries.size + this.superseded.size;
  }

  has(id: string): boolean {
    return this.deliveries.has(id);
  }

  /** Those whose lock this pod may still hold. */
  values(): IterableIterator<Delivery> {
    return this.deliveries.values();
  }

  /**
   * How many more may be claimed: as many wait as run, so that a slow handler's pod does not hoard what idle pods
   * could do, and no more in sum than the limit, so that an unreachable store cannot fill the memory.
   */
  get room(): number {
    const waitingRoom = 2 * this.limits.concurrency - this.running - this.ready.length;
    return Math.max(0, Math.min(waitingRoom, this.limits.maxInFlight - this.size));
  }

  get suspects(): number {
    let count = 0;
    for (const delivery of this.deliveries.values()) if (delivery.suspect) count += 1;
    return count;
  }

  /** @returns an older delivery of the same message that is running here and has just lost its lock to this one */
  add(delivery: Delivery): Delivery | undefined {
    const older = this.deliveries.get(delivery.envelope.id);
    this.deliveries.set(delivery.envelope.id, delivery);
    const waiting = older ? this.ready.indexOf(older) : -1;
    if (older && waiting >= 0) this.ready.splice(waiting, 1);
    else if (older) this.superseded.add(older);
    this.ready.push(delivery);
    return waiting >= 0 ? undefined : older;
  }

  /** The next delivery to run, if a handler may start now. */
  start(): Delivery | undefined {
    if (this.running >= this.limits.concurrency) return undefined;
    const next = this.ready.shift();
    if (next) this.running += 1;
    return next;
  }

  ran(): void {
    this.running -= 1;
  }

  remove(delivery: Delivery): void {
    delivery.settled = true;
    const { id } = delivery.envelope;
    this.superseded.delete(delivery);
    if (this.deliveries.get(id) === delivery) this.deliveries.delete(id);
    if (this.size > 0) return;
    const waiters = this.idleWaiters;
    this.idleWaiters = [];
    for (const wake of waiters) wake();
  }

  /** Takes out everything that has not started. */
  takeReady(): Delivery[] {
    const taken = this.ready.splice(0);
    for (const delivery of taken) this.remove(delivery);
    return taken;
  }

  whenEmpty(): Promise<void> {
    if (this.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.idleWaiters.push(resolve));
  }
}
