import { describe, expect, it } from '@jest/globals';
import { noTracer, type Clock, type MessageEvent } from '@onlyonce/core';
import type { Runtime } from '../runtime.js';
import type { MetricsSink } from '../tracing/metrics-sink.js';
import type { BacklogGauges } from './backlog-gauges.js';
import type { GuaranteeGauges } from './guarantee-gauges.js';
import { MetricsPush } from './metrics-push.js';
import { MetricsTelemetry } from './metrics-telemetry.js';

function pushing(to: 'a sink' | 'nowhere') {
  const told: string[] = [];
  const due: (() => void)[] = [];
  const metricsSink: MetricsSink = {
    count: (name, more, tags) => told.push(`${name} +${more} ${JSON.stringify(tags)}`),
    gauge: (name, value, tags) => told.push(`${name} =${value} ${JSON.stringify(tags)}`),
  };
  const clock: Pick<Clock, 'after'> = {
    after: (_, task) => {
      due.push(task);
      return () => undefined;
    },
  };
  const tracer = to === 'a sink' ? { ...noTracer, metricsSink } : noTracer;
  const metrics = new MetricsTelemetry();
  // As much of them as a push asks for.
  const runtime = { tracer, clock, options: { pod: 'pod-1' } } as unknown as Runtime;
  /* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- the real ones want a whole engine */
  const backlog = { refresh: () => Promise.resolve() } as BacklogGauges;
  const guarantee = { refresh: () => undefined } as GuaranteeGauges;
  /* eslint-enable @typescript-eslint/no-unsafe-class-instance-assignment */
  return { push: new MetricsPush(runtime, metrics, backlog, guarantee), metrics, told, due };
}

const event: MessageEvent = {
  event: 'message.processed',
  messageId: 'an-id',
  channel: 'orders',
  group: 'mail',
  outcome: 'confirmed',
};

describe('MetricsPush', () => {
  it('tells what was counted since the last time, under the names of a scrape by the agent, without ids', async () => {
    const { push, metrics, told } = pushing('a sink');
    push.onApplicationBootstrap();
    metrics.message(event);
    metrics.message(event);
    metrics.timed('commit', 'orders', 'mail', 500, 2);
    await push.onApplicationShutdown();
    const tags = '{"channel":"orders","group":"mail","pod":"pod-1"}';
    expect(told).toContain(
      'onlyonce_messages_processed.count +2 {"channel":"orders","group":"mail","outcome":"confirmed","pod":"pod-1"}',
    );
    expect(told).toContain(`onlyonce_commit_seconds.count +1 ${tags}`);
    expect(told).toContain(`onlyonce_commit_seconds.sum +0.5 ${tags}`);
    expect(told.join()).not.toContain('bucket');
    expect(told.join()).not.toContain('an-id');
    told.length = 0;
    metrics.message(event);
    await push.onApplicationShutdown();
    expect(told.filter((line) => line.includes('.count'))).toEqual([
      'onlyonce_messages_processed.count +1 {"channel":"orders","group":"mail","outcome":"confirmed","pod":"pod-1"}',
    ]);
  });

  it('says with each which pod it comes from, as a scrape does: dashboards group by it', async () => {
    const { push, metrics, told } = pushing('a sink');
    metrics.message(event);
    metrics.timed('commit', 'orders', 'mail', 500, 2);
    await push.onApplicationShutdown();
    expect(told.length).toBeGreaterThan(1);
    expect(told.filter((line) => !line.includes('"pod":"pod-1"'))).toEqual([]);
  });

  it('plans nothing and tells nothing where nobody wants them', async () => {
    const { push, metrics, told, due } = pushing('nowhere');
    push.onApplicationBootstrap();
    metrics.message(event);
    await push.onApplicationShutdown();
    expect({ told, due }).toEqual({ told: [], due: [] });
  });
});
