import { describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { systemClock } from '@onlyonce/core';
import { eventually, InMemoryBackend } from '@onlyonce/testing';
import { startApp } from '../../test/start-app.js';
import { OnlyonceHealth, ProcessOnce, Publisher } from '../index.js';
import { Runtime } from '../runtime.js';

@Injectable()
class Handlers {
  @ProcessOnce('orders', { group: 'mail' })
  handle(): void {
    // confirms
  }
}

describe('OnlyonceHealth', () => {
  it('is not live once a commit has had no answer for three times its deadline', async () => {
    const backend = new InMemoryBackend({ clock: systemClock });
    const swallowed = Promise.withResolvers<never>();
    backend.store.commit = () => swallowed.promise;
    const { app } = await startApp([Handlers], { drainMs: 1 }, backend);
    const health = app.get(OnlyonceHealth);
    await app.get(Publisher).publish('orders', { id: 'm1', body: {} });
    const { commits } = app.get(Runtime);
    await eventually(() => expect(commits.oldestMs).toBeGreaterThan(0));
    expect(health.live().ok).toBe(true);
    Object.defineProperty(commits, 'oldestMs', { value: 15_001 });
    expect(health.live()).toEqual({ ok: false, reasons: ['a commit has had no answer for 15001 ms'] });
    await app.close();
  });

  it('is not ready while a consumer reads the backlog it found at the start', async () => {
    const backend = new InMemoryBackend({ clock: systemClock });
    backend.faults.latencyMs = () => 50;
    const { app } = await startApp([Handlers], {}, backend);
    const health = app.get(OnlyonceHealth);
    expect(health.ready().reasons).toContain('the consumer of orders in group mail is starting');
    await eventually(() => expect(health.ready()).toEqual({ ok: true, reasons: [] }));
    await app.close();
    expect(health.ready().reasons).toEqual(['the pod is stopped']);
  });
});
