import { describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import {
  GuaranteeTooWeakError,
  StoreRefusedError,
  StoreUnavailableError,
  systemClock,
  type HandlerContext,
  type StoreFacts,
} from '@onlyonce/core';
import { eventually, InMemoryBackend } from '@onlyonce/testing';
import { createApp, startApp } from '../../test/start-app.js';
import { GuaranteeService, OnlyonceHealth, ProcessOnce, Publisher } from '../index.js';

@Injectable()
class SlowHandlers {
  readonly started: string[] = [];
  readonly aborted: string[] = [];
  private readonly gate = Promise.withResolvers<undefined>();

  @ProcessOnce('orders', { group: 'slow', concurrency: 1 })
  async handle(_message: unknown, { messageId, signal }: HandlerContext): Promise<void> {
    this.started.push(messageId);
    signal.addEventListener('abort', () => this.aborted.push(messageId));
    await this.gate.promise;
  }

  finish(): void {
    this.gate.resolve(undefined);
  }
}

@Injectable()
class Handlers {
  readonly heard: unknown[] = [];

  @ProcessOnce('orders', { group: 'mail' })
  handle(message: unknown): void {
    this.heard.push(message);
  }
}

class TestBackend extends InMemoryBackend {
  facts: Partial<StoreFacts> = {};
  refusal: Error | undefined;
  closed = 0;

  override async readFacts(): Promise<StoreFacts> {
    return { ...(await super.readFacts()), ...this.facts };
  }
  override async preflight(): Promise<void> {
    if (this.refusal) throw this.refusal;
    await super.preflight();
  }
  override async close(): Promise<void> {
    this.closed += 1;
    await super.close();
  }
}

const testBackend = (): TestBackend => new TestBackend({ clock: systemClock });
const durable = { appendOnly: true, fsync: 'always', truncatesTornTail: false } as const;
const requireDurable = { guarantee: { requireDurable: true } };
const impatient = {
  guarantee: { requireDurable: true, verdictWithinMs: 10 },
  publisher: { timeoutMs: 100 },
};

describe('start', () => {
  it('says the guarantee in one line before anything is consumed', async () => {
    const { app, telemetry } = await startApp([Handlers]);
    await eventually(() => expect(app.get(OnlyonceHealth).ready().ok).toBe(true));
    const said = telemetry.notices.filter(({ event }) => event === 'guarantee');
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({
      level: 'warn',
      message: 'effects exactly-once; accepted messages: can-lose',
      fields: { acceptance: 'can-lose', store: { product: 'memory' } },
    });
    expect(app.get(GuaranteeService).report?.weaknesses).toHaveLength(1);
    await app.close();
  });

  it('comes up without the store: live, not ready, and consumes when the store answers', async () => {
    const backend = testBackend();
    backend.disconnect();
    const { app, telemetry } = await startApp([Handlers], {}, backend);
    const health = app.get(OnlyonceHealth);
    expect(health.live()).toEqual({ ok: true, reasons: [] });
    expect(health.ready().reasons).toContain('the store is away');
    expect(app.get(GuaranteeService).report).toBeUndefined();
    await eventually(() =>
      expect(telemetry.notices.map(({ event }) => event)).toContain('engine.start_failed'),
    );
    backend.reconnect();
    await eventually(() => expect(health.ready()).toEqual({ ok: true, reasons: [] }));
    await app.get(Publisher).publish('orders', { id: 'm1', body: 'hello' });
    await eventually(() => expect(app.get(Handlers).heard).toEqual(['hello']));
    expect(telemetry.notices.filter(({ event }) => event === 'engine.start_failed')).toHaveLength(1);
    await app.close();
  });

  it('can be closed while it still waits for the store', async () => {
    const backend = testBackend();
    backend.disconnect();
    const { app } = await startApp([Handlers], {}, backend);
    await app.close();
    expect(backend.closed).toBe(1);
  });

  it('goes on trying when a right is missing, and says which', async () => {
    const backend = testBackend();
    backend.refusal = new StoreRefusedError('no permission for XADD');
    const { app, telemetry } = await startApp([Handlers], {}, backend);
    const health = app.get(OnlyonceHealth);
    await eventually(() => expect(health.ready().reasons.join()).toContain('no permission for XADD'));
    expect(telemetry.notices.at(-1)).toMatchObject({ level: 'error', event: 'engine.start_failed' });
    backend.refusal = undefined;
    await eventually(() => expect(health.ready().ok).toBe(true));
    await app.close();
  });

  it('fails on two handlers for one group', async () => {
    @Injectable()
    class Others extends Handlers {}
    const { app } = await createApp([Handlers, Others]);
    await expect(app.init()).rejects.toThrow(/stands twice.*Handlers\.handle.*Others\.handle/);
    await app.close();
  });

  it('fails on an option that makes no sense, and names it', async () => {
    const { app } = await createApp([Handlers], { consumer: { lockTtlMs: 3 } });
    await expect(app.init()).rejects.toThrow(/lockTtlMs must be an integer from 100/);
    await app.close();
  });
});

describe('start where durability is required', () => {
  it('is refused on a store that can lose acknowledged messages, and nothing is consumed', async () => {
    const backend = testBackend();
    const { app } = await createApp([Handlers], requireDurable, backend);
    await expect(app.init()).rejects.toThrow(GuaranteeTooWeakError);
    expect(backend.faults.counts.get('register')).toBeUndefined();
    await app.close();
  });

  it('is refused at once when a right is missing', async () => {
    const backend = testBackend();
    backend.refusal = new StoreRefusedError('no permission for CONFIG');
    const { app } = await createApp([Handlers], requireDurable, backend);
    await expect(app.init()).rejects.toThrow('no permission for CONFIG');
    await app.close();
  });

  it('comes up without a store, accepts nothing, and is ready when the verdict is good', async () => {
    const backend = testBackend();
    backend.facts = durable;
    backend.disconnect();
    const { app } = await createApp([Handlers], impatient, backend);
    await app.init();
    const [health, publisher] = [app.get(OnlyonceHealth), app.get(Publisher)];
    expect(health.live().ok).toBe(true);
    expect(health.ready().ok).toBe(false);
    backend.reconnect();
    await eventually(() => expect(health.ready()).toEqual({ ok: true, reasons: [] }));
    expect(app.get(GuaranteeService).report?.acceptance).toBe('durable');
    await expect(publisher.publish('orders', { id: 'o1', body: {} })).resolves.toMatchObject({
      kind: 'accepted',
    });
    await app.close();
  });

  it('accepts and consumes nothing as long as a store that came late can lose it', async () => {
    const backend = testBackend();
    backend.disconnect();
    const { app, telemetry } = await createApp([Handlers], impatient, backend);
    await app.init();
    backend.reconnect();
    await eventually(() => expect(telemetry.notices.map(({ event }) => event)).toContain('guarantee'));
    await expect(app.get(Publisher).publish('orders', { id: 'o1', body: {} })).rejects.toThrow(
      StoreUnavailableError,
    );
    expect(backend.faults.counts.get('publish')).toBeUndefined();
    expect(backend.faults.counts.get('register')).toBeUndefined();
    expect(app.get(OnlyonceHealth).ready().ok).toBe(false);
    backend.facts = durable;
    await eventually(() => expect(app.get(OnlyonceHealth).ready().ok).toBe(true));
    await app.close();
  });
});

describe('shutdown', () => {
  it('is not ready at once, finishes what runs, gives back what waits, then closes the backend', async () => {
    const backend = testBackend();
    const { app, telemetry } = await startApp([SlowHandlers], {}, backend);
    const handlers = app.get(SlowHandlers);
    const publisher = app.get(Publisher);
    await publisher.publish('orders', { id: 'running', body: {} });
    await eventually(() => expect(handlers.started).toEqual(['running']));
    await publisher.publish('orders', { id: 'waiting', body: {} });
    await eventually(() => expect(telemetry.named('lock.won')).toHaveLength(2));

    const closed = app.close();
    const health = app.get(OnlyonceHealth);
    await eventually(() => expect(health.ready().reasons).toEqual(['the pod is draining']));
    await eventually(() => expect(telemetry.historyOf('waiting')).toContain('message.released'));
    expect(backend.closed).toBe(0);
    handlers.finish();
    await closed;
    expect(telemetry.historyOf('running')).toContain('message.processed');
    expect(handlers.started).toEqual(['running']);
    expect(backend.closed).toBe(1);
  });

  it('aborts and gives back what does not end within the drain time', async () => {
    const { app, telemetry } = await startApp([SlowHandlers], { drainMs: 50 });
    const handlers = app.get(SlowHandlers);
    await app.get(Publisher).publish('orders', { id: 'stuck', body: {} });
    await eventually(() => expect(handlers.started).toEqual(['stuck']));
    await app.close();
    expect(handlers.aborted).toEqual(['stuck']);
    expect(telemetry.historyOf('stuck')).toContain('message.released');
    handlers.finish();
  });
});
