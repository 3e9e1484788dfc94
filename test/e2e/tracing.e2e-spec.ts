import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pod } from '../../scripts/local/pod.mjs';
import type { LogLine } from '../../scripts/local/log-file.mjs';
import { waitFor } from '../../scripts/local/wait-for.mjs';
import { DogStatsd } from './support/dogstatsd.js';
import { call } from './support/http.js';
import { Shop, STUCK_AT_MOST_MS } from './support/shop.js';
import { linksOf, TraceAgent, type Span } from './support/trace-agent.js';

const ENV = 'ci';
const VERSION = '9.8.7';
/** How long each message is held before its commit, so that a pod can be killed with it. */
const HELD_MS = 300;
const SEEN_WITHIN = { deadlineMs: STUCK_AT_MOST_MS + 5_000, everyMs: 50 };

const agent = new TraceAgent();
const statsd = new DogStatsd();
let opened: Shop | undefined;
let shop: Shop;

beforeAll(async () => {
  const url = new URL(await agent.start());
  const statsdPort = await statsd.start();
  opened = await Shop.open({
    name: 'tracing',
    replicas: 2,
    env: {
      DD_TRACE_ENABLED: 'true',
      DD_ENV: ENV,
      DD_VERSION: VERSION,
      DD_AGENT_HOST: url.hostname,
      DD_TRACE_AGENT_PORT: url.port,
      DD_DOGSTATSD_HOST: url.hostname,
      DD_DOGSTATSD_PORT: String(statsdPort),
      DOGSTATSD_ENABLED: 'true',
      DD_TRACE_FLUSH_INTERVAL: '50',
      DD_DATA_STREAMS_ENABLED: 'true',
      DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
      DD_REMOTE_CONFIGURATION_ENABLED: 'false',
      HANDLER_DELAY_MS: String(HELD_MS),
      MAX_ATTEMPTS: '2',
      // Long enough to mend what made the first attempt fail.
      RETRY_BASE_DELAY_MS: '2000',
    },
  });
  shop = opened;
  await shop.putStock(new Map([['teapot', 1_000]]));
});

afterAll(async () => {
  await opened?.close();
  await statsd.stop();
  await agent.stop();
  expect(agent.faults).toEqual([]);
});

async function post(orderId: string, headers: Record<string, string> = {}, pod = shop.order): Promise<void> {
  const items = [{ id: 'teapot', quantity: 1 }];
  const answer = await call('POST', `${pod.url}/orders`, { orderId, items }, headers);
  expect(answer.status).toBe(202);
}

const resultOf = (orderId: string): string => `${orderId}:inventory:0`;

/** Waits for the span that ends the way of an order: its result, taken in by the order service. */
function settled(orderId: string): Promise<Span> {
  const ask = (): Span | undefined => agent.about(resultOf(orderId), 'onlyonce.process')[0];
  return waitFor(`the last span of ${orderId}`, ask, SEEN_WITHIN);
}

/** The inventory pod that holds a message now; it goes on to do so for HELD_MS. */
function holderOf(orderId: string): Promise<Pod> {
  const ask = (): Pod | undefined =>
    shop.inventories.find((pod) => shop.log(pod).update().holding.has(orderId));
  return waitFor(`a holder of ${orderId}`, ask, { deadlineMs: 5_000, everyMs: 2 });
}

function lines(...pods: readonly Pod[]): LogLine[] {
  return pods.flatMap((pod) => shop.log(pod).update().lines);
}

const allPods = (): Pod[] => [...shop.orderPods, ...shop.inventories];
const about = (messageId: string): LogLine[] =>
  lines(...allPods()).filter((line) => line.messageId === messageId);
const ddOf = (line: LogLine | undefined): { trace_id: string; span_id: string } | undefined =>
  line?.['dd'] as { trace_id: string; span_id: string } | undefined;

function only<T>(items: readonly T[]): T {
  expect(items).toHaveLength(1);
  return items[0]!;
}

describe('an order, two replicas of inventory, dd-trace in all', () => {
  it('is one trace from the request to its result, each span the child of what caused it', async () => {
    await post('whole');
    const last = await settled('whole');
    const lineage = agent.lineage(last);
    expect(lineage.map(({ service, name, resource }) => [service, name, resource])).toEqual([
      ['order', 'onlyonce.process', 'order_results'],
      ['inventory', 'redis.publish', 'order_results'],
      ['inventory', 'onlyonce.process', 'order_updates'],
      ['order', 'redis.publish', 'order_updates'],
      ['order', 'fastify.request', 'POST /orders'],
    ]);
    expect(new Set(lineage.map((span) => span.trace_id)).size).toBe(1);
    // 128 bits: the lower half is the same for all; the upper one is told once per part.
    expect(agent.traceIdOf(last)).toMatch(/^[0-9a-f]{8}0{8}[0-9a-f]{16}$/);
    const publish = lineage[3];
    const claim = only(agent.about('whole', 'onlyonce.claim'));
    expect(agent.parentOf(claim)).toBe(publish);
    expect(claim).toMatchObject({ service: 'inventory', error: 0, trace_id: last.trace_id });
    expect(agent.parentOf(only(agent.about(resultOf('whole'), 'onlyonce.claim')))).toBe(lineage[1]);
  });

  it('its spans say who, where and what, by the names of the convention', () => {
    const process = only(agent.about('whole', 'onlyonce.process'));
    expect(process).toMatchObject({
      type: 'queue',
      error: 0,
      meta: {
        env: ENV,
        version: VERSION,
        'span.kind': 'consumer',
        component: 'onlyonce',
        'messaging.system': 'redis',
        'messaging.operation': 'process',
        'messaging.destination.name': 'order_updates',
        'messaging.consumer.group.name': 'inventory',
        'messaging.onlyonce.outcome': 'confirmed',
        'messaging.onlyonce.pod': expect.stringMatching(/^inventory-[12]$/),
      },
      metrics: { 'messaging.onlyonce.attempt': 1 },
    });
    expect(only(agent.about('whole', 'redis.publish'))).toMatchObject({
      meta: { env: ENV, version: VERSION, 'span.kind': 'producer', 'messaging.onlyonce.outcome': 'accepted' },
    });
    expect(linksOf(process)).toEqual([]);
  });

  it('who loses the race makes no span, and says so in a line of the same trace', async () => {
    const ids = Array.from({ length: 5 }, (_, index) => `raced-${index}`);
    await Promise.all(ids.map((id) => post(id)));
    await Promise.all(ids.map((id) => settled(id)));
    const lost = lines(...shop.inventories).filter(
      ({ event, messageId = '' }) => event === 'lock.lost' && ids.includes(messageId),
    );
    expect(lost.length).toBeGreaterThan(0);
    for (const id of ids) {
      const winner = only(agent.about(id, 'onlyonce.claim')).meta['messaging.onlyonce.pod'];
      expect(only(agent.about(id, 'onlyonce.process')).meta['messaging.onlyonce.pod']).toBe(winner);
    }
    for (const line of lost) {
      expect(line.pod).not.toBe(
        only(agent.about(line.messageId!, 'onlyonce.claim')).meta['messaging.onlyonce.pod'],
      );
      const publish = only(agent.about(line.messageId!, 'redis.publish'));
      expect(ddOf(line)).toEqual({ trace_id: agent.traceIdOf(publish), span_id: String(publish.span_id) });
    }
  });

  it('every line about a message carries the trace, also those outside of its span', async () => {
    const last = await settled('whole');
    const told = about('whole');
    const events = new Set(told.map(({ event }) => event));
    expect([...events]).toEqual(
      expect.arrayContaining(['order.accepted', 'message.received', 'lock.won', 'message.processed']),
    );
    const spans = agent.spans.filter((span) => span.trace_id === last.trace_id);
    for (const line of told) {
      expect([line.event, ddOf(line)?.trace_id]).toEqual([line.event, agent.traceIdOf(last)]);
      expect(spans.map((span) => String(span.span_id))).toContain(ddOf(line)?.span_id);
    }
    const spanOf = (event: string): string | undefined =>
      ddOf(told.find((line) => line.event === event))?.span_id;
    expect(spanOf('lock.won')).toBe(String(only(agent.about('whole', 'onlyonce.claim')).span_id));
    expect(spanOf('message.processed')).toBe(String(only(agent.about('whole', 'onlyonce.process')).span_id));
  });
});

describe('a trace that began elsewhere', () => {
  const upper = '6740f1c400000000';
  const lower = randomBytes(8);
  lower[0]! &= 0x7f;
  const span = lower.readBigUInt64BE() ^ 1n;
  const callers = {
    W3C: { traceparent: `00-${upper}${lower.toString('hex')}-${span.toString(16).padStart(16, '0')}-01` },
    Datadog: {
      'x-datadog-trace-id': String(lower.readBigUInt64BE()),
      'x-datadog-parent-id': String(span),
      'x-datadog-sampling-priority': '1',
      'x-datadog-tags': `_dd.p.tid=${upper}`,
    },
  };

  it.each(['W3C', 'Datadog'] as const)('goes on from the %s headers of the caller', async (kind) => {
    const orderId = `called-${kind}`;
    await post(orderId, callers[kind]);
    const lineage = agent.lineage(await settled(orderId));
    expect(agent.traceIdOf(lineage[0]!)).toBe(upper + lower.toString('hex'));
    expect(lineage.at(-1)).toMatchObject({ name: 'fastify.request', parent_id: span });
    expect(ddOf(about(orderId)[0])?.trace_id).toBe(upper + lower.toString('hex'));
  });
});

describe('what does not go straight', () => {
  it('a failed attempt is an error span with its reason; the next one links to where the message came from', async () => {
    // A stock that is no number: the commit refuses it, until somebody mends it.
    await shop.ask('HSET', '{shop}:stock', 'broken', 'many');
    const items = [{ id: 'broken', quantity: 1 }];
    expect((await call('POST', `${shop.order.url}/orders`, { orderId: 'mended', items })).status).toBe(202);
    await waitFor(
      'a retry',
      () => about('mended').some(({ event }) => event === 'message.retry'),
      SEEN_WITHIN,
    );
    await shop.ask('HSET', '{shop}:stock', 'broken', '5');
    await settled('mended');
    const [failed, ...again] = agent.about('mended', 'onlyonce.process');
    expect(failed).toMatchObject({
      error: 1,
      meta: {
        'error.type': 'RetryableFailure',
        'error.message': expect.stringContaining('an effect cannot be applied'),
        'messaging.onlyonce.outcome': 'retry',
      },
      metrics: { 'messaging.onlyonce.attempt': 1 },
    });
    const succeeded = again.at(-1)!;
    expect(succeeded).toMatchObject({ error: 0, meta: { 'messaging.onlyonce.outcome': 'confirmed' } });
    expect(succeeded.trace_id).toBe(failed?.trace_id);
    const publish = only(agent.about('mended', 'redis.publish'));
    for (const span of [succeeded, agent.about('mended', 'onlyonce.claim').at(-1)]) {
      expect(agent.parentOf(span)).toBe(publish);
      expect(only(linksOf(span))).toMatchObject({
        trace_id: agent.traceIdOf(publish),
        span_id: publish.span_id.toString(16).padStart(16, '0'),
        attributes: { 'messaging.onlyonce.redelivery': 'retry' },
      });
    }
    const retry = about('mended').find(({ event }) => event === 'message.retry');
    expect(ddOf(retry)?.span_id).toBe(String(failed?.span_id));
  });

  it('a dead letter ends with an error span, and the news of it is sent by that span', async () => {
    await shop.ask('HSET', '{shop}:stock', 'hopeless', 'many');
    const items = [{ id: 'hopeless', quantity: 1 }];
    expect((await call('POST', `${shop.order.url}/orders`, { orderId: 'given-up', items })).status).toBe(202);
    const told = await waitFor(
      'the news',
      () =>
        agent.spans.find(
          ({ name, service, meta }) =>
            name === 'onlyonce.process' &&
            service === 'order' &&
            meta['messaging.message.id']?.startsWith('given-up:inventory:d'),
        ),
      SEEN_WITHIN,
    );
    const [told2, sent, died, publish] = agent.lineage(told);
    expect(told2).toBe(told);
    expect(sent).toMatchObject({ service: 'inventory', name: 'redis.publish', resource: 'order_results' });
    expect(died).toMatchObject({
      name: 'onlyonce.process',
      error: 1,
      meta: { 'error.type': 'RetryableFailure', 'messaging.onlyonce.outcome': 'dead' },
      metrics: { 'messaging.onlyonce.attempt': 2 },
    });
    expect(publish).toBe(only(agent.about('given-up', 'redis.publish')));
    const line = about('given-up').find(({ event }) => event === 'message.dead');
    expect(ddOf(line)?.span_id).toBe(String(died?.span_id));
    // The first attempt sent nothing.
    expect(
      agent.spans.filter((span) => span.name === 'redis.publish' && span.trace_id === told.trace_id),
    ).toHaveLength(2);
  });

  it('a pod killed in its handler leaves its claim behind; who takes over links, and says from whom', async () => {
    await post('taken');
    const holder = await holderOf('taken');
    // Its claim has to reach the agent; the handler goes on for a while.
    await waitFor('the claim', () => agent.about('taken', 'onlyonce.claim').length === 1, SEEN_WITHIN);
    await shop.kill(holder);
    await settled('taken');
    const [first, second] = agent.about('taken', 'onlyonce.claim');
    expect(first?.meta['messaging.onlyonce.pod']).toBe(holder.name);
    const process = only(agent.about('taken', 'onlyonce.process'));
    for (const span of [second, process]) {
      expect(span?.metrics['messaging.onlyonce.attempt']).toBe(2);
      expect(span?.trace_id).toBe(first?.trace_id);
      expect(only(linksOf(span)).attributes).toMatchObject({
        'messaging.onlyonce.redelivery': 'takeover',
        'messaging.onlyonce.takeovers': '1',
        'messaging.onlyonce.previous_pod': holder.name,
      });
    }
    // The sweep found it: no span was active, and the line is joined all the same.
    const recovered = about('taken').find(({ event }) => event === 'message.recovered');
    expect(recovered?.previousPod).toBe(holder.name);
    expect(ddOf(recovered)).toEqual({ trace_id: agent.traceIdOf(first!), span_id: String(second?.span_id) });
    holder.start();
    await holder.ready();
  });

  it('who wakes up too late says so within the trace, and sends nothing', async () => {
    await post('late');
    const sleeper = await holderOf('late');
    sleeper.signal('SIGSTOP');
    try {
      await settled('late');
    } finally {
      sleeper.signal('SIGCONT');
    }
    const isLate = ({ event }: LogLine): boolean => event === 'message.duplicate';
    const line = await waitFor('the refusal', () => about('late').find(isLate), SEEN_WITHIN);
    const refused = await waitFor(
      'the span of the sleeper',
      () =>
        agent
          .about('late', 'onlyonce.process')
          .find(({ meta }) => meta['messaging.onlyonce.pod'] === sleeper.name),
      SEEN_WITHIN,
    );
    expect(refused.meta['messaging.onlyonce.outcome']).toMatch(/^(duplicate|stale)$/);
    expect(ddOf(line)).toEqual({ trace_id: agent.traceIdOf(refused), span_id: String(refused.span_id) });
    expect(agent.about(resultOf('late'), 'redis.publish')).toHaveLength(1);
  });

  it('SIGTERM sends the spans that are left', async () => {
    // Never by itself within this test. And in the other format that an agent may be sent.
    const pod = await shop.add('order', 'order-leaving', {
      DD_TRACE_FLUSH_INTERVAL: '600000',
      DD_TRACE_AGENT_PROTOCOL_VERSION: '0.5',
    });
    await pod.ready();
    await post('leaving', {}, pod);
    await waitFor('the effect', () => agent.about('leaving', 'onlyonce.process')[0], SEEN_WITHIN);
    expect(agent.about('leaving', 'redis.publish')).toEqual([]);
    expect(agent.paths).not.toContain('/v0.5/traces');
    const before = agent.checkpoints.length;
    const counted = statsd.named('onlyonce_published.count').length;
    const end = await pod.end('SIGTERM');
    expect(end.code).toBe(0);
    expect(agent.about('leaving', 'redis.publish')).toHaveLength(1);
    expect(agent.paths).toContain('/v0.5/traces');
    expect(agent.checkpoints.length).toBeGreaterThan(before);
    expect(statsd.named('onlyonce_published.count').length).toBeGreaterThan(counted);
  });
});

describe('Data Streams Monitoring', () => {
  it('knows the way of a message: out of order, into inventory, out with the result, into order', () => {
    const edge = (service: string, direction: string, topic: string) =>
      agent.checkpoints.filter(
        ({ service: from, tags }) =>
          from === service && tags.includes(`direction:${direction}`) && tags.includes(`topic:${topic}`),
      );
    const way = [
      edge('order', 'out', 'order_updates'),
      edge('inventory', 'in', 'order_updates'),
      edge('inventory', 'out', 'order_results'),
      edge('order', 'in', 'order_results'),
    ];
    way.forEach((checkpoints, index) => {
      expect(checkpoints.length).toBeGreaterThan(0);
      expect(checkpoints[0]).toMatchObject({ env: ENV, tags: expect.arrayContaining(['type:redis']) });
      const before = index === 0 ? [0n] : way[index - 1]!.map(({ hash }) => hash);
      // Each begins where the one before ended.
      for (const { parentHash } of checkpoints) expect(before).toContain(parentHash);
    });
  });

  it('has as many edges as there are ways, not as there are messages', () => {
    const tags = new Set(agent.checkpoints.flatMap((checkpoint) => checkpoint.tags));
    expect(new Set(agent.checkpoints.map(({ hash }) => hash)).size).toBeLessThanOrEqual(8);
    for (const tag of tags) expect(tag).toMatch(/^(direction|type|topic|manual_checkpoint):[a-z_]+$/);
  });
});

describe('DogStatsD', () => {
  const TAGS = ['env', 'service', 'version', 'pod', 'channel', 'group', 'outcome', 'result', 'acceptance'];

  it('hears the metrics, each with tags of few values', async () => {
    const heard = () => new Set(statsd.metrics.map(({ name }) => name));
    // Every ten seconds.
    await waitFor('gauges', () => heard().has('onlyonce_backlog_depth'), { deadlineMs: 30_000 });
    expect([...heard()]).toEqual(
      expect.arrayContaining([
        'onlyonce_published.count',
        'onlyonce_messages_processed.count',
        'onlyonce_commit_seconds.count',
        'onlyonce_commit_seconds.sum',
        'onlyonce_guarantee_weaknesses',
      ]),
    );
    expect(statsd.unreadable).toEqual([]);
    const ours = statsd.metrics.filter(({ name }) => name.startsWith('onlyonce_'));
    for (const { name, tags } of ours) {
      expect([name, Object.keys(tags).filter((tag) => !TAGS.includes(tag))]).toEqual([name, []]);
      expect(tags).toMatchObject({
        env: ENV,
        version: VERSION,
        pod: expect.stringMatching(/^(order|inventory)-/),
      });
    }
  });

  it('counts each thing once', async () => {
    // What a pod that was killed had not pushed yet is lost; so the one that never was.
    const own = ({ tags }: { tags: Readonly<Record<string, string>> }): boolean =>
      tags['service'] === 'order' && tags['channel'] === 'order_updates' && tags['result'] === 'accepted';
    const accepted = lines(...shop.orderPods).filter(({ event }) => event === 'order.accepted').length;
    const told = (): number =>
      statsd
        .named('onlyonce_published.count')
        .filter(own)
        .reduce((sum, { value }) => sum + value, 0);
    await waitFor('all of them', () => told() >= accepted, { deadlineMs: 30_000 });
    expect(told()).toBe(accepted);
  });
});
