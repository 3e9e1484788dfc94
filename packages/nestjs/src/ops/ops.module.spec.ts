import { describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { systemClock } from '@onlyonce/core';
import { eventually, InMemoryBackend } from '@onlyonce/testing';
import { startApp, type StartedApp } from '../../test/start-app.js';
import { ProcessOnce, Publisher } from '../index.js';

@Injectable()
class Handlers {
  @ProcessOnce('orders', { group: 'mail' })
  handle(message: unknown): void {
    if (message === 'bad') throw new Error('cannot');
  }
}

async function get({ app }: StartedApp, url: string) {
  const reply = await app.inject({ method: 'GET', url });
  return {
    status: reply.statusCode,
    type: reply.headers['content-type'],
    text: reply.body,
    headers: reply.headers,
  };
}

async function started(backend?: InMemoryBackend): Promise<StartedApp> {
  const app = await startApp([Handlers], { drainMs: 500 }, backend);
  if (!backend) await eventually(async () => expect((await get(app, '/health/ready')).status).toBe(200));
  return app;
}

describe('GET /health', () => {
  it('is live and ready while all is well', async () => {
    const app = await started();
    for (const url of ['/health/live', '/health/ready']) {
      const { status, text } = await get(app, url);
      expect([status, JSON.parse(text)]).toEqual([200, { status: 'ok' }]);
    }
    await app.app.close();
  });

  it('is live, and not ready with the reason, while the store is away', async () => {
    const app = await started();
    app.backend.disconnect();
    expect((await get(app, '/health/live')).status).toBe(200);
    const { status, type, text, headers } = await get(app, '/health/ready');
    expect(status).toBe(503);
    expect(type).toContain('application/problem+json');
    expect(headers['retry-after']).toBe('1');
    expect(JSON.parse(text)).toEqual({
      type: 'about:blank',
      title: 'not ready',
      status: 503,
      detail: 'the store is away',
      reasons: ['the store is away'],
    });
    app.backend.reconnect();
    await eventually(async () => expect((await get(app, '/health/ready')).status).toBe(200));
    await app.app.close();
  });
});

describe('GET /guarantee', () => {
  it('is a problem while unknown, and the report afterwards', async () => {
    const backend = new InMemoryBackend({ clock: systemClock });
    backend.disconnect();
    const app = await started(backend);
    expect((await get(app, '/guarantee')).status).toBe(503);
    backend.reconnect();
    await eventually(async () => expect((await get(app, '/guarantee')).status).toBe(200));
    expect(JSON.parse((await get(app, '/guarantee')).text)).toMatchObject({
      effects: 'exactly-once',
      acceptance: 'can-lose',
      facts: { product: 'memory' },
    });
    await app.app.close();
  });
});

describe('GET /metrics', () => {
  it('counts what happened, by channel and group and never by id', async () => {
    const app = await started();
    const publisher = app.app.get(Publisher);
    await publisher.publish('orders', { id: 'secret-id', body: 'good' });
    await publisher.publish('orders', { id: 'other-id', body: 'bad' });
    await eventually(() => expect(app.telemetry.named('message.dead')).toHaveLength(1));
    const { status, type, text } = await get(app, '/metrics');
    expect(status).toBe(200);
    expect(type).toContain('text/plain; version=0.0.4');
    const labels = '{channel="orders",group="mail"}';
    expect(text).toContain(
      'onlyonce_messages_processed_total{channel="orders",group="mail",outcome="confirmed"} 1',
    );
    expect(text).toContain(`onlyonce_dead_total${labels} 1`);
    expect(text).toContain(`onlyonce_retries_total${labels} 2`);
    expect(text).toContain(`onlyonce_dead_letters${labels} 1`);
    expect(text).toContain(`onlyonce_backlog_depth${labels} 0`);
    expect(text).toContain(`onlyonce_live_pods${labels} 1`);
    expect(text).toContain('onlyonce_build_info{service="test",version="1.2.3",env="ci",pod="pod-1"} 1');
    expect(text).toMatch(/^process_cpu_seconds_total /m);
    for (const name of ['claim', 'commit', 'handle']) {
      expect(text).toMatch(
        new RegExp(`^onlyonce_${name}_seconds_count\\{channel="orders",group="mail"\\} [1-9]`, 'm'),
      );
    }
    expect(text).toMatch(/^onlyonce_publish_seconds_count\{channel="orders",group=""\} [1-9]/m);
    expect(text).toMatch(/^onlyonce_commit_batch_size_count/m);
    expect(text).not.toContain('secret-id');
    await app.app.close();
  });

  it('keeps the last values of the gauges while the store is away', async () => {
    const app = await started();
    await get(app, '/metrics');
    app.backend.disconnect();
    const { status, text } = await get(app, '/metrics');
    expect(status).toBe(200);
    expect(text).toContain('onlyonce_live_pods{channel="orders",group="mail"} 1');
    app.backend.reconnect();
    await app.app.close();
  });

  it('answers within its deadline when the store is slow', async () => {
    const app = await started();
    app.backend.faults.latencyMs = () => 5_000;
    const began = performance.now();
    expect((await get(app, '/metrics')).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(2_000);
    app.backend.faults.latencyMs = () => 0;
    await app.app.close();
  });
});
