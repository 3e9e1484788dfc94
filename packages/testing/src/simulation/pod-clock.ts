import type { Cancel, Clock } from '@onlyonce/core';

/**
 * One pod's share of the common time: it can be stopped as SIGSTOP stops a process, and ended as SIGKILL ends it,
 * while everybody else's time goes on.
 */
export class PodClock implements Clock {
  private state: 'running' | 'paused' | 'dead' = 'running';
  private overdue: (() => void)[] = [];

  constructor(private readonly common: Clock) {}

  monotonicMs(): number {
    return this.common.monotonicMs();
  }

  wallMs(): number {
    return this.common.wallMs();
  }

  after(delayMs: number, task: () => void): Cancel {
    let cancelled = false;
    const run = (): void => {
      if (!cancelled) task();
    };
    const cancel = this.common.after(delayMs, () => {
      if (this.state === 'running') run();
      else if (this.state === 'paused') this.overdue.push(run);
    });
    return () => {
      cancelled = true;
      cancel();
    };
  }

  pause(): void {
    if (this.state === 'running') this.state = 'paused';
  }

  /** Everything that fell due meanwhile happens at once, in its order. */
  resume(): void {
    if (this.state !== 'paused') return;
    this.state = 'running';
    for (const run of this.overdue.splice(0)) this.after(0, run);
  }

  kill(): void {
    this.state = 'dead';
    this.overdue = [];
  }
}
