import { setTimeout as sleep } from 'node:timers/promises';
import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { errorText, OnlyonceError } from '@onlyonce/core';
import { GuaranteeService } from '../guarantee/guarantee.service.js';
import { Consumers } from '../handlers/consumers.js';
import { defaultDrainMs } from '../onlyonce.options.js';
import { Runtime } from '../runtime.js';
import { Maintenance } from './maintenance.js';

export type EnginePhase = 'new' | 'starting' | 'running' | 'draining' | 'stopped';

const FIRST_RETRY_MS = 100;
/** About 700 ms: as long as a client that has just been made may take to connect. */
const QUIET_RETRIES = 3;
const MAX_RETRY_MS = 2_000;

/** Starts and stops everything with the application. */
@Injectable()
export class Engine
  implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown
{
  private currentPhase: EnginePhase = 'new';
  private failure: string | undefined;
  private readonly stopped = new AbortController();

  constructor(
    private readonly runtime: Runtime,
    private readonly guarantee: GuaranteeService,
    private readonly consumers: Consumers,
    private readonly maintenance: Maintenance,
  ) {}

  get phase(): EnginePhase {
    return this.currentPhase;
  }

  /** Why the start has not come further yet. */
  get startFailure(): string | undefined {
    return this.failure;
  }

  /**
   * Wrong handlers or options fail the start at once. A store that is away does not: the HTTP server comes up (live,
   * not ready) and the rest follows when the store answers. Who requires durability waits a moment for the verdict,
   * so that a store that is too weak fails the start; until there is a good one nothing is accepted and nothing consumed.
   */
  async onApplicationBootstrap(): Promise<void> {
    this.consumers.create();
    this.currentPhase = 'starting';
    if (this.guarantee.requireDurable) await this.establishSoonOrFail();
    void this.startInBackground();
  }

  /** The first hook of a shutdown: from here on the pod is not ready, while it still answers. */
  onModuleDestroy(): void {
    this.currentPhase = 'draining';
    this.stopped.abort();
  }

  async beforeApplicationShutdown(): Promise<void> {
    const drainMs = this.runtime.options.drainMs ?? defaultDrainMs;
    await Promise.all([this.consumers.drain(drainMs), this.maintenance.stop()]);
  }

  /** The last hook, when the HTTP server is closed: requests that were under way could still publish. */
  async onApplicationShutdown(): Promise<void> {
    this.currentPhase = 'stopped';
    await this.runtime.options.backend.close();
  }

  private async startInBackground(): Promise<void> {
    if (!this.guarantee.established) await this.untilDone(() => this.guarantee.establish());
    if (this.isStopping()) return;
    this.maintenance.start();
    try {
      await this.consumers.start();
      this.failure = undefined;
      if (!this.isStopping()) this.currentPhase = 'running';
    } catch (error) {
      if (this.isStopping()) return;
      // The consumer has asked again as long as that could help. What is left needs a person.
      this.fail('consumers could not be started', error);
    }
  }

  private async establishSoonOrFail(): Promise<void> {
    const giveUpAtMs = this.runtime.clock.monotonicMs() + this.guarantee.verdictWithinMs;
    await this.untilDone(
      () => this.guarantee.establish(),
      (error) => {
        if (!isAway(error)) throw error;
        return this.runtime.clock.monotonicMs() >= giveUpAtMs;
      },
    );
  }

  /**
   * Repeats `step` until it is done, the application stops, or `enough` says so. Missing rights, and a guarantee that is
   * too weak, count too: the one can be granted, the other mended.
   */
  private async untilDone(
    step: () => Promise<unknown>,
    enough: (error: unknown) => boolean = () => false,
  ): Promise<void> {
    for (let failures = 0; !this.isStopping(); failures += 1) {
      try {
        await step();
        this.failure = undefined;
        return;
      } catch (error) {
        if (this.isStopping()) return;
        const last = enough(error);
        // The first connection takes a moment: that is no fault to tell of.
        if (failures >= QUIET_RETRIES || !isAway(error))
          this.fail('the store cannot be used yet; trying again', error);
        if (last) return;
        await this.pause(Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures, 10)));
      }
    }
  }

  private fail(message: string, error: unknown): void {
    const text = errorText(error);
    // Said once per reason: a store that is away for an hour is one line, not a thousand.
    if (text === this.failure) return;
    this.failure = text;
    const level = isAway(error) ? 'warn' : 'error';
    this.runtime.telemetry.notice({ level, event: 'engine.start_failed', message, fields: { error: text } });
  }

  /** A timer that keeps the process alive: while the store is away nothing else may do so. */
  private async pause(delayMs: number): Promise<void> {
    await sleep(delayMs, undefined, { signal: this.stopped.signal }).catch((error: unknown) => {
      if (!this.isStopping()) throw error;
    });
  }

  private isStopping(): boolean {
    return this.stopped.signal.aborted;
  }
}

function isAway(error: unknown): boolean {
  return error instanceof OnlyonceError && error.retryable;
}
