import { describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { PermanentFailure, systemClock, type HandlerContext } from '@onlyonce/core';
import { eventually, InMemoryBackend, RecordingTelemetry } from '@onlyonce/testing';
import { z } from 'zod';
import { startApp } from '../test/start-app.js';
import { OnlyonceModule, ProcessOnce, Publisher, type OnlyonceOptions } from './index.js';

const order = z.object({ orderId: z.string() });

@Injectable()
class Handlers {
  readonly runs: { orderId: string; context: HandlerContext }[] = [];

  @ProcessOnce('orders', {
    group: 'mail',
    schema: order,
    onDead: (_body, { messageId, reason }) => [{ channel: 'deaths', body: { messageId, reason } }],
  })
  handle({ orderId }: z.infer<typeof order>, context: HandlerContext): void {
    this.runs.push({ orderId, context });
    if (orderId === 'poison') throw new PermanentFailure('cannot be mailed');
  }
}

@Injectable()
class DeathHandlers {
  readonly heard: unknown[] = [];

  @ProcessOnce('deaths', { group: 'undertaker' })
  handle(message: unknown): void {
    this.heard.push(message);
  }
}

describe('OnlyonceModule', () => {
  it('brings a published message to its handler, once, with its context', async () => {
    const { app, telemetry } = await startApp([Handlers]);
    const publisher = app.get(Publisher);
    expect(await publisher.publish('orders', { id: 'm1', body: { orderId: 'o1' } })).toMatchObject({
      kind: 'accepted',
    });
    expect(await publisher.publish('orders', { id: 'm1', body: { orderId: 'o1' } })).toEqual({
      kind: 'duplicate',
    });
    await eventually(() => expect(telemetry.named('message.processed')).toHaveLength(1));
    const { runs } = app.get(Handlers);
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({
      orderId: 'o1',
      context: { messageId: 'm1', channel: 'orders', group: 'mail', pod: 'pod-1', attempt: 1 },
    });
    await app.close();
  });

  it('makes a dead letter of what does not fit the schema, and of a permanent failure, and tells onDead', async () => {
    const { app, telemetry } = await startApp([Handlers, DeathHandlers]);
    const publisher = app.get(Publisher);
    await publisher.publish('orders', { id: 'misfit', body: { orderId: 7 } });
    await publisher.publish('orders', { id: 'poison', body: { orderId: 'poison' } });
    await eventually(() => expect(telemetry.named('message.dead')).toHaveLength(2));
    await eventually(() => expect(app.get(DeathHandlers).heard).toHaveLength(2));
    expect(app.get(Handlers).runs.map(({ orderId }) => orderId)).toEqual(['poison']);
    await app.close();
  });

  it('retries what fails otherwise, with the settings of module and decorator together', async () => {
    @Injectable()
    class Flaky {
      attempts: number[] = [];

      @ProcessOnce('orders', { group: 'flaky', retry: { maxAttempts: 5 } })
      handle(_message: unknown, { attempt }: HandlerContext): void {
        this.attempts.push(attempt);
        if (attempt < 5) throw new Error('not yet');
      }
    }
    const { app, telemetry } = await startApp([Flaky]);
    await app.get(Publisher).publish('orders', { id: 'm1', body: {} });
    await eventually(() => expect(telemetry.named('message.processed')).toHaveLength(1));
    expect(app.get(Flaky).attempts).toEqual([1, 2, 3, 4, 5]);
    expect(telemetry.named('message.retry')).toHaveLength(4);
    await app.close();
  });

  it('consumes nothing with consume: false, and still publishes', async () => {
    const { app, backend } = await startApp([Handlers], { consume: false });
    await app.get(Publisher).publish('orders', { id: 'm1', body: { orderId: 'o1' } });
    expect(backend.faults.counts.get('register')).toBeUndefined();
    expect(app.get(Handlers).runs).toEqual([]);
    await app.close();
  });

  it('hands the configured publisher options on', async () => {
    const { app, backend } = await startApp([], { publisher: { timeoutMs: 20 } });
    backend.disconnect();
    await expect(app.get(Publisher).publish('orders', { id: 'm1', body: {} })).rejects.toThrow(/20 ms/);
    await app.close();
  });

  it('gives a handler the log of logFor, with the ids of its message', async () => {
    const lines: unknown[] = [];
    @Injectable()
    class Logging {
      @ProcessOnce('orders', { group: 'logging' })
      handle(_message: unknown, { log }: HandlerContext): void {
        log.info('working', { step: 1 });
      }
    }
    const silent = { debug: () => undefined, warn: () => undefined, error: () => undefined };
    const { app, telemetry } = await startApp([Logging], {
      logFor: (ids) => ({ ...silent, info: (text, fields) => lines.push({ ...ids, text, ...fields }) }),
    });
    await app.get(Publisher).publish('orders', { id: 'm1', body: {} });
    await eventually(() => expect(telemetry.named('message.processed')).toHaveLength(1));
    expect(lines).toEqual([
      { messageId: 'm1', channel: 'orders', group: 'logging', attempt: 1, text: 'working', step: 1 },
    ]);
    await app.close();
  });
});

describe('OnlyonceModule.forRootAsync', () => {
  const options = (): OnlyonceOptions => ({
    backend: new InMemoryBackend({ clock: systemClock }),
    pod: 'pod-1',
    telemetry: new RecordingTelemetry(),
  });

  @Injectable()
  class Config {
    createOnlyonceOptions(): OnlyonceOptions {
      return options();
    }
    create(): OnlyonceOptions {
      return options();
    }
  }

  @Module({ providers: [Config], exports: [Config] })
  class ConfigModule {}

  it.each([
    [
      'useFactory',
      { imports: [ConfigModule], inject: [Config], useFactory: (config: Config) => config.create() },
    ],
    ['an asynchronous useFactory', { useFactory: async () => Promise.resolve(options()) }],
    ['useClass', { useClass: Config }],
    ['useExisting', { imports: [ConfigModule], useExisting: Config }],
  ])('takes its options from %s', async (_name, asyncOptions) => {
    const testing = await Test.createTestingModule({
      imports: [OnlyonceModule.forRootAsync(asyncOptions)],
    }).compile();
    await testing.init();
    const result = await testing.get(Publisher).publish('orders', { id: 'm1', body: {} });
    expect(result.kind).toBe('accepted');
    await testing.close();
  });
});
