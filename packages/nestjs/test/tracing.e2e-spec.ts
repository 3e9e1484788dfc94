import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@onlyonce/testing';
import { TraceAgent, type Span } from './trace-agent.js';

type Line = Record<string, unknown> & {
  readonly dd?: { readonly trace_id: string; readonly span_id: string };
};

const agent = new TraceAgent();
const lines: Line[] = [];
let service: ChildProcess;
let url: string;

const line = (event: string, messageId: string): Line | undefined =>
  lines.find((each) => each['event'] === event && each['messageId'] === messageId);

async function post(body: object, own: Record<string, string> = {}): Promise<void> {
  const reply = await fetch(`${url}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close', ...own },
    body: JSON.stringify(body),
  });
  expect(reply.status).toBe(201);
}

const spanOf = (name: string, messageId: string): Span[] =>
  agent.named(name).filter(({ meta }) => meta['messaging.message.id'] === messageId);

beforeAll(async () => {
  const env = {
    ...process.env,
    // Jest's own flags are not for the service.
    NODE_OPTIONS: '',
    DD_TRACE_AGENT_URL: await agent.start(),
    DD_TRACE_FLUSH_INTERVAL: '50',
    DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
    DD_REMOTE_CONFIGURATION_ENABLED: 'false',
  };
  const script = new URL('traced-service.mjs', import.meta.url).pathname;
  service = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  createInterface({ input: service.stdout! }).on('line', (text) => lines.push(JSON.parse(text) as Line));
  await eventually(() => expect(lines.map(({ event }) => event)).toContain('listening'), {
    withinMs: 20_000,
  });
  url = String(lines.find(({ event }) => event === 'listening')?.['url']);
});

afterAll(async () => {
  if (service.exitCode === null) {
    service.kill('SIGTERM');
    await once(service, 'exit');
  }
  await agent.stop();
});

describe('with dd-trace', () => {
  it('request, publish and processing are one trace, each the child of the one before', async () => {
    await post({ orderId: 'o1' });
    await eventually(() => expect(spanOf('onlyonce.process', 'o1')).toHaveLength(1));
    const publish = spanOf('redis.publish', 'o1')[0]!;
    const handle = spanOf('onlyonce.process', 'o1')[0]!;
    const ancestors: Span[] = [handle];
    for (const { parent_id: parent } of ancestors) {
      ancestors.push(...agent.spans.filter(({ span_id: id }) => id === parent));
    }
    expect(handle.parent_id).toBe(publish.span_id);
    expect(ancestors.map(({ name }) => name)).toEqual([
      'onlyonce.process',
      'redis.publish',
      'fastify.request',
    ]);
    expect(new Set(ancestors.map(({ trace_id: id }) => id)).size).toBe(1);
    expect(handle).toMatchObject({
      resource: 'orders',
      error: 0,
      meta: {
        'span.kind': 'consumer',
        'messaging.system': 'redis',
        'messaging.destination.name': 'orders',
        'messaging.consumer.group.name': 'mail',
        'messaging.onlyonce.outcome': 'confirmed',
      },
      metrics: { 'messaging.onlyonce.attempt': 1 },
    });
  });

  it('lines about the message, and those of its handler, carry the ids of its span', async () => {
    await post({ orderId: 'o2' });
    await eventually(() => expect(spanOf('onlyonce.process', 'o2')).toHaveLength(1));
    const span = spanOf('onlyonce.process', 'o2')[0]!;
    const ids = { trace_id: agent.traceIdOf(span), span_id: String(span.span_id) };
    expect(line('message.processed', 'o2')?.dd).toEqual(ids);
    expect(lines.find(({ msg, messageId }) => msg === 'handling' && messageId === 'o2')?.dd).toEqual(ids);
  });

  it('a failed attempt and its repetition are two spans of the same trace, the first with its error', async () => {
    await post({ orderId: 'o3', fails: true });
    await eventually(() => expect(spanOf('onlyonce.process', 'o3')).toHaveLength(2));
    const [failed, repeated] = spanOf('onlyonce.process', 'o3');
    expect(failed).toMatchObject({
      error: 1,
      meta: { 'error.message': 'not the first time', 'messaging.onlyonce.outcome': 'retry' },
    });
    expect(repeated).toMatchObject({ error: 0, metrics: { 'messaging.onlyonce.attempt': 2 } });
    expect(repeated?.trace_id).toBe(failed?.trace_id);
    expect(repeated?.parent_id).toBe(failed?.parent_id);
  });

  it('baggage of the caller goes along with the message, unless it is long', async () => {
    await post({ orderId: 'o4' }, { baggage: 'tenant=blue' });
    await post({ orderId: 'o5' }, { baggage: `much=${'x'.repeat(4_000)}` });
    const handled = (id: string): Line | undefined =>
      lines.find(({ msg, messageId }) => msg === 'handling' && messageId === id);
    await eventually(() => expect([handled('o4'), handled('o5')]).not.toContain(undefined));
    expect(handled('o4')).toMatchObject({ baggage: 'tenant=blue' });
    expect(handled('o5')?.['headers']).toContain('traceparent');
    expect(handled('o5')?.['headers']).not.toContain('baggage');
  });
});
