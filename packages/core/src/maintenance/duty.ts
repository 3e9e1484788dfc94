import { errorText } from '../errors.js';
import type { Cancel, Clock } from '../ports/clock.js';
import type { HeldLock, LockProvider } from '../ports/lock-provider.js';
import type { Random } from '../ports/random.js';
import type { Telemetry } from '../ports/telemetry.js';

export interface DutyDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly lock: LockProvider;
}

/**
 * Work that one pod does for all: whoever holds the duty's lock. Only economy: two pods doing it at the same time,
 * after a pause say, do no harm, and nothing waits for it to be done.
 */
export class Duty {
  private cancel: Cancel | undefined;
  private held: HeldLock | undefined;
  private working: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly deps: DutyDeps,
    private readonly options: {
      readonly name: string;
      /** How often the work is done, milliseconds. */
      readonly intervalMs: number;
      /** How long the duty stays with a pod that vanished, milliseconds; at least three intervals. */
      readonly lockTtlMs: number;
    },
    private readonly work: () => Promise<void>,
  ) {}

  start(): void {
    // A pod without the duty asks seldom: one cheap call per TTL.
    const delayMs = this.held
      ? this.options.intervalMs
      : this.options.lockTtlMs * (0.5 + this.deps.random.next());
    this.plan(delayMs);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.cancel?.();
    await this.working;
    if (this.held) await this.deps.lock.release(this.held).catch(() => undefined);
    this.held = undefined;
  }

  private plan(delayMs: number): void {
    this.cancel = this.deps.clock.after(delayMs, () => {
      this.working = this.turn().finally(() => {
        this.working = undefined;
        if (!this.stopped) this.start();
      });
    });
  }

  private async turn(): Promise<void> {
    try {
      if (!(await this.hold())) return;
      await this.work();
    } catch (error) {
      this.held = undefined;
      const { name } = this.options;
      const fields = { duty: name, error: errorText(error) };
      this.deps.telemetry.notice({
        level: 'debug',
        event: 'engine.duty_failed',
        message: `${name} failed`,
        fields,
      });
    }
  }

  private async hold(): Promise<boolean> {
    const { lock, clock } = this.deps;
    const { name, lockTtlMs } = this.options;
    const now = clock.monotonicMs();
    if (this.held && this.held.validUntilMs - now > lockTtlMs / 2) return true;
    const attempt = this.held ? await lock.extend(this.held, lockTtlMs) : await lock.acquire(name, lockTtlMs);
    this.held = attempt.kind === 'acquired' ? attempt.lock : undefined;
    return this.held !== undefined;
  }
}
