import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Cancel, Clock } from '@onlyonce/core';
import { TimerQueue, type Timer } from './timer-queue.js';

/** An arbitrary moment in 2027: tests that depend on today's date fail on another day, these do not. */
const START_OF_WALL_MS = 1_800_000_000_000;

/**
 * A clock turned by hand. Timers run in the order in which they are due, and whatever a timer set in motion has
 * come to rest before the next one runs, so that a test sees the same order every time.
 */
export class FakeClock implements Clock {
  private nowMs = 0;
  private readonly timers = new TimerQueue();
  private order = 0;

  monotonicMs(): number {
    return this.nowMs;
  }

  wallMs(): number {
    return START_OF_WALL_MS + this.nowMs;
  }

  after(delayMs: number, task: () => void): Cancel {
    this.order += 1;
    const dueMs = this.nowMs + Math.max(0, delayMs);
    const timer: Timer = { dueMs, order: this.order, task, cancelled: false };
    this.timers.add(timer);
    return () => {
      timer.cancelled = true;
    };
  }

  /** Timers that wait. A test may look here for one that was left behind. */
  get waiting(): number {
    return this.timers.waiting;
  }

  /** Lets `ms` pass. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    await rest();
    while (await this.runNext(untilMs));
    this.nowMs = untilMs;
  }

  /** Lets time pass, timer by timer, until the condition holds. @throws Error when it does not in time */
  async advanceUntil(condition: () => boolean, withinMs = 60_000): Promise<void> {
    const untilMs = this.nowMs + withinMs;
    await rest();
    while (!condition()) {
      if (!(await this.runNext(untilMs)))
        throw new Error(`did not come true within ${withinMs} ms: ${condition.toString()}`);
    }
  }

  /** Lets time pass until the promise is settled, and answers what it answered. */
  async settle<T>(promise: Promise<T>, withinMs = 60_000): Promise<T> {
    let settled = false;
    const noteThatItSettled = (): void => {
      settled = true;
    };
    promise.then(noteThatItSettled, noteThatItSettled);
    await this.advanceUntil(() => settled, withinMs);
    return promise;
  }

  private async runNext(untilMs: number): Promise<boolean> {
    const next = this.timers.takeDue(untilMs);
    if (!next) return false;
    this.nowMs = Math.max(this.nowMs, next.dueMs);
    next.task();
    await rest();
    return true;
  }
}

/** One turn of the event loop: by then every promise that could settle has, however long the chain. */
async function rest(): Promise<void> {
  await nextTurn();
}
