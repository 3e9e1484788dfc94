import {
  Consumer,
  consumerOptions,
  noCrashPoints,
  noTracer,
  type Clock,
  type ConsumerOptions,
  type CrashPoints,
  type DeathHandler,
  type HandlerContext,
  type LockProvider,
  type MessageHandler,
  type MessageLog,
  type RetryPolicy,
  type Schema,
} from '@onlyonce/core';
import type { InMemoryBackend } from '../in-memory/in-memory-backend.js';
import { RecordingTelemetry } from '../recording-telemetry.js';
import { SeededRandom } from '../seeded-random.js';
import { PodClock } from './pod-clock.js';
import { CHANNEL, EFFECTS } from './simulated-messages.js';

export interface PodSetup extends Partial<Omit<ConsumerOptions, 'retry'>> {
  readonly retry?: Partial<RetryPolicy>;
  /** Default: adds 1 to the message's own field of the hash that counts effects. */
  readonly handle?: MessageHandler<unknown>;
  readonly schema?: Schema<unknown>;
  readonly onDead?: DeathHandler;
  readonly crashPoints?: CrashPoints;
  readonly handlerLock?: LockProvider;
}

/** What pods share. */
export interface PodSurroundings {
  readonly clock: Clock;
  readonly server: InMemoryBackend;
  readonly random: SeededRandom;
}

/** A pod with a consumer, a connection and a clock of its own; can be paused, cut off and killed. */
export class SimulatedPod {
  readonly telemetry = new RecordingTelemetry();
  readonly clock: PodClock;
  readonly backend: InMemoryBackend;
  readonly consumer: Consumer;
  /** Ids of the messages whose handler was started here, in order. */
  readonly runs: string[] = [];

  constructor(world: PodSurroundings, name: string, setup: PodSetup) {
    const { handle = countEffect, schema, onDead, crashPoints, handlerLock, retry, ...options } = setup;
    this.clock = new PodClock(world.clock);
    this.backend = world.server.connect(this.clock);
    this.consumer = new Consumer(
      {
        store: this.backend.store,
        feed: this.backend.feed,
        clock: this.clock,
        random: new SeededRandom(world.random.below(2 ** 32)),
        telemetry: this.telemetry,
        tracer: noTracer,
        crashPoints: crashPoints ?? noCrashPoints,
        handlerLock,
      },
      consumerOptions({
        channel: CHANNEL,
        group: 'stock',
        pod: name,
        ...options,
        ...(retry ? { retry } : {}),
      }),
      {
        handle: (message, context) => {
          this.runs.push(context.messageId);
          return handle(message, context);
        },
        schema,
        onDead,
        log: () => silentLog,
      },
    );
  }

  /** Stops as SIGSTOP would: locks run out meanwhile. */
  pause(): void {
    this.clock.pause();
  }

  resume(): void {
    this.clock.resume();
  }

  /** Ends as SIGKILL would: nothing is given back, nothing more is said or heard. */
  kill(): void {
    this.clock.kill();
    this.backend.disconnect();
    this.backend.feed.close();
  }

  /** Lets this pod's time pass; for handlers. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.clock.after(ms, resolve));
  }
}

export function countEffect(_message: unknown, { messageId, tx }: HandlerContext): void {
  tx.hash(EFFECTS).add(messageId, 1);
}

const silentLog: MessageLog = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
