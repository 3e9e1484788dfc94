import { describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { systemClock, type MessageEvent, type StoreFacts } from '@onlyonce/core';
import { eventually, InMemoryBackend } from '@onlyonce/testing';
import { startApp } from '../../test/start-app.js';
import { GuaranteeService } from '../guarantee/guarantee.service.js';
import { ProcessOnce, Publisher } from '../index.js';
import { metricDefinitions } from './metric-definitions.js';
import { MetricsTelemetry } from './metrics-telemetry.js';

@Injectable()
class Handlers {
  @ProcessOnce('orders', { group: 'mail' })
  handle(): void {
    // Nothing to do: what is counted is the way there.
  }
}

const ref = { channel: 'orders', group: 'mail' };
const told = (fields: Partial<MessageEvent>): MessageEvent => ({
  event: 'lock.lost',
  messageId: 'm1',
  ...ref,
  ...fields,
});

describe('metric definitions', () => {
  it('are what a running service emits under its own names, no more and no less', async () => {
    const { app } = await startApp([Handlers]);
    const emitted = app
      .get(MetricsTelemetry)
      .registry.getMetricsAsArray()
      .map(({ name }) => name)
      .filter((name) => name.startsWith('onlyonce_'));
    expect(emitted.toSorted()).toEqual(Object.keys(metricDefinitions).toSorted());
    await app.close();
  });
});

describe('counting', () => {
  it('tells a lock lost while its message was processed from a race that another pod won', async () => {
    const telemetry = new MetricsTelemetry();
    telemetry.message(told({ reason: 'held by another pod' }));
    telemetry.message(told({ reason: 'not extended in time', attempt: 1 }));
    const text = await telemetry.registry.metrics();
    expect(text).toContain('onlyonce_messages_lost_total{channel="orders",group="mail"} 2');
    expect(text).toContain('onlyonce_locks_lost_while_processing_total{channel="orders",group="mail"} 1');
  });

  it('tells a takeover from a message that nobody had heard of', async () => {
    const telemetry = new MetricsTelemetry();
    telemetry.message(told({ event: 'message.recovered', reason: 'found in the backlog' }));
    telemetry.message(told({ event: 'message.recovered', previousPod: 'pod-2' }));
    const text = await telemetry.registry.metrics();
    expect(text).toContain('onlyonce_recovered_total{channel="orders",group="mail"} 2');
    expect(text).toContain('onlyonce_takeovers_total{channel="orders",group="mail"} 1');
  });

  it('counts what the store answered to a publication, and how long the effect took from there', async () => {
    const { app, telemetry } = await startApp([Handlers]);
    const publisher = app.get(Publisher);
    await publisher.publish('orders', { id: 'one', body: 1 });
    await publisher.publish('orders', { id: 'one', body: 1 });
    await eventually(() => expect(telemetry.named('message.processed')).toHaveLength(1));
    expect(telemetry.named('message.processed')[0]?.sincePublishedMs).toBeGreaterThanOrEqual(0);
    const text = await app.get(MetricsTelemetry).registry.metrics();
    expect(text).toContain('onlyonce_published_total{channel="orders",result="accepted"} 1');
    expect(text).toContain('onlyonce_published_total{channel="orders",result="duplicate"} 1');
    expect(text).toContain('onlyonce_publish_to_effect_seconds_count{channel="orders",group="mail"} 1');
    await app.close();
  });
});

describe('the guarantee', () => {
  class ChangingStore extends InMemoryBackend {
    facts: StoreFacts = {
      product: 'redis',
      version: '8.0.0',
      appendOnly: true,
      fsync: 'always',
      truncatesTornTail: false,
    };
    override readFacts(): Promise<StoreFacts> {
      return Promise.resolve(this.facts);
    }
  }

  it('is judged anew, and a verdict that changed is said and counted', async () => {
    const backend = new ChangingStore({ clock: systemClock });
    const { app, telemetry } = await startApp([Handlers], {}, backend);
    const said = () =>
      telemetry.notices.filter(({ event }) => event === 'guarantee').map(({ level }) => level);
    const scraped = async () => (await app.inject({ method: 'GET', url: '/metrics' })).body;
    await eventually(() => expect(said()).toEqual(['info']));
    expect(await scraped()).toContain('onlyonce_guarantee_weaknesses{acceptance="durable"} 0');
    const guarantee = app.get(GuaranteeService);
    await guarantee.recheck();
    expect(said()).toEqual(['info']);

    backend.facts = { ...backend.facts, fsync: 'everysec' };
    await guarantee.recheck();
    expect(said()).toEqual(['info', 'warn']);
    const text = await scraped();
    expect(text).toContain('onlyonce_guarantee_weaknesses{acceptance="can-lose"} 1');
    expect(text).not.toContain('acceptance="durable"');

    backend.facts = { product: 'unknown', version: '' };
    await guarantee.recheck();
    expect(guarantee.report?.facts.product).toBe('redis');

    backend.disconnect();
    expect(await scraped()).toContain('onlyonce_store_available 0');
    backend.reconnect();
    await app.close();
  });
});
