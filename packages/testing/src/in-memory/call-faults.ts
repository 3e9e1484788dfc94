import { StoreUnavailableError, type Clock, type MessageStore } from '@onlyonce/core';

export type StoreCall = keyof MessageStore | 'subscribe' | 'lock';

/** What befalls one call: `fail` before it took effect, `lose-answer` after. */
export type Fault = 'fail' | 'lose-answer';

/** The way between one pod and the store: as slow and as unreliable as a test wants it. */
export class CallFaults {
  private readonly planned = new Map<StoreCall, Fault[]>();
  private cut = false;
  /** Asked for every call; for faults drawn at random. */
  draw: (call: StoreCall) => Fault | undefined = () => undefined;
  /** How long a request or an answer is under way, milliseconds; asked for each. */
  latencyMs: () => number = () => 0;
  /** How often each call reached the store or failed on the way. */
  readonly counts = new Map<StoreCall, number>();

  constructor(private readonly clock: Clock) {}

  /** The next n calls of this name fail before they take effect. */
  failNext(call: StoreCall, n = 1): void {
    this.plan(call, 'fail', n);
  }

  /** The next n calls of this name take effect, and the caller never learns it. */
  loseAnswerOf(call: StoreCall, n = 1): void {
    this.plan(call, 'lose-answer', n);
  }

  /** Cuts the pod off, or lets it back. What is under way when it is cut off has no answer. */
  set disconnected(cut: boolean) {
    this.cut = cut;
  }

  get disconnected(): boolean {
    return this.cut;
  }

  async around<T>(call: StoreCall, step: () => T): Promise<T> {
    this.counts.set(call, (this.counts.get(call) ?? 0) + 1);
    await this.travel();
    const fault = this.planned.get(call)?.shift() ?? this.draw(call);
    if (fault === 'fail' || this.cut) throw new StoreUnavailableError(`${call}: the store cannot be reached`);
    const answer = step();
    await this.travel();
    if (fault === 'lose-answer' || this.disconnected)
      throw new StoreUnavailableError(`${call}: the answer was lost`);
    return answer;
  }

  private plan(call: StoreCall, fault: Fault, n: number): void {
    const faults = this.planned.get(call) ?? [];
    this.planned.set(call, faults);
    for (let i = 0; i < n; i += 1) faults.push(fault);
  }

  /** One way between pod and store. */
  travel(): Promise<void> | undefined {
    const ms = this.latencyMs();
    if (ms <= 0) return undefined;
    return new Promise((resolve) => this.clock.after(ms, resolve));
  }
}
