import { Injectable } from '@nestjs/common';
import { Consumer, consumerOptions, type ConsumerState, type GroupRef } from '@onlyonce/core';
import { nestMessageLog } from '../observability/nest-message-log.js';
import { Runtime } from '../runtime.js';
import type { BoundHandler } from './bound-handler.js';
import { HandlerExplorer } from './handler-explorer.js';

/** The consumers of this process: one per handler, or none when it does not consume. */
@Injectable()
export class Consumers {
  private consumers: readonly Consumer[] = [];

  constructor(
    private readonly runtime: Runtime,
    private readonly explorer: HandlerExplorer,
  ) {}

  /** Groups this process has a handler for, whether or not it consumes. */
  get refs(): readonly GroupRef[] {
    return this.explorer.handlers.map(({ ref }) => ref);
  }

  get states(): readonly { readonly ref: GroupRef; readonly state: ConsumerState }[] {
    return this.consumers.map(({ options, currentState }) => ({
      ref: { channel: options.channel, group: options.group },
      state: currentState,
    }));
  }

  /** @throws InvalidInputError naming the handler or the option that is wrong */
  create(): void {
    const { handlers } = this.explorer;
    if (this.runtime.options.consume === false) return;
    this.consumers = handlers.map((handler) => this.consumerFor(handler));
  }

  /** Resolves when every consumer has read the backlog it found. */
  async start(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.start()));
  }

  async drain(drainMs: number): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.drain(drainMs)));
  }

  private consumerFor({ ref, settings, schema, onDead, handle }: BoundHandler): Consumer {
    const { options, store, clock, random, telemetry, tracer, crashPoints } = this.runtime;
    const retry = { ...options.consumer?.retry, ...settings.retry };
    const logFor = options.logFor ?? nestMessageLog;
    return new Consumer(
      {
        store,
        feed: options.backend.feed,
        clock,
        random,
        telemetry,
        tracer,
        crashPoints,
        handlerLock: options.handlerLock,
      },
      consumerOptions({ ...options.consumer, ...settings, retry, ...ref, pod: options.pod }),
      {
        handle,
        schema,
        onDead,
        channelNamed: (name) => options.names?.[name] ?? name,
        log: (ids) => logFor({ ...ref, ...ids }),
      },
    );
  }
}
