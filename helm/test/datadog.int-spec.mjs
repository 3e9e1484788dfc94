import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@onlyonce/testing';
import { parse, parseAllDocuments } from 'yaml';
import { anyHelm, helms, only, refusal, render, runHelm } from './support/helm.mjs';
import { RedisPod } from './support/redis-pod.mjs';
import { flagsFor } from './support/value-sets.mjs';

const withHelm = helms.length > 0 ? describe : describe.skip;
const rendered = (chart, values) => render(anyHelm, chart, flagsFor(values));
const agent = new URL('../../k8s/datadog/', import.meta.url);
const generated = JSON.parse(readFileSync(new URL('generated/agent/annotations.json', agent), 'utf8'));
const on = { datadog: { enabled: true } };

withHelm("what Datadog's agent reads from pods", () => {
  it('is what k8s/datadog generates, and what its queries rest on', async () => {
    const objects = await rendered('onlyonce', { order: on, inventory: on, redis: on });
    const annotated = Object.keys(generated).map((container) => {
      const kind = container === 'redis' ? 'StatefulSet' : 'Deployment';
      const { template } = only(objects, kind, `shop-${container}`).spec;
      expect(template.spec.containers[0].name).toBe(container);
      const {
        [`ad.datadoghq.com/${container}.checks`]: checks,
        [`ad.datadoghq.com/${container}.logs`]: logs,
      } = template.metadata.annotations;
      return [container, { checks: JSON.parse(checks), logs: JSON.parse(logs) }];
    });
    expect(annotated.map(([container]) => container)).toEqual(['order', 'inventory', 'redis']);
    expect(Object.fromEntries(annotated)).toEqual(generated);
  });

  it('of Redis has the labels of unified service tagging', async () => {
    const values = { datadog: { enabled: true, env: 'eu', service: 'shop-redis' }, image: { tag: '8.2' } };
    const { metadata } = only(await rendered('redis', values), 'StatefulSet').spec.template;
    expect(metadata.labels).toMatchObject({
      'tags.datadoghq.com/env': 'eu',
      'tags.datadoghq.com/service': 'shop-redis',
      'tags.datadoghq.com/version': '8.2',
    });
    expect(JSON.parse(metadata.annotations['ad.datadoghq.com/redis.logs'])).toEqual([
      { source: 'redis', service: 'shop-redis' },
    ]);
  });

  it('of Redis with TLS is verified against the authority, or refused', async () => {
    const tls = { enabled: true, existingSecret: 'tls' };
    const values = { tls, datadog: { enabled: true, metrics: { caFile: '/ca/ca.crt' } } };
    const { annotations } = only(await rendered('redis', values), 'StatefulSet').spec.template.metadata;
    const [instance] = JSON.parse(annotations['ad.datadoghq.com/redis.checks']).redisdb.instances;
    // 2: ssl.CERT_REQUIRED of Python.
    expect(instance).toMatchObject({ ssl: true, ssl_cert_reqs: 2, ssl_ca_certs: '/ca/ca.crt' });
    const said = (more) => refusal(anyHelm, ['template', 'shop', 'redis', ...flagsFor(more)]);
    expect(await said({ tls, ...on })).toContain('datadog.metrics.caFile');
    expect(await said({ ...values, tls: { ...tls, clientCertificates: true } })).toContain(
      'clientCertificates',
    );
    const logsOnly = { tls, datadog: { enabled: true, metrics: { enabled: false } } };
    expect(await said(logsOnly)).toBeUndefined();
  });
});

withHelm("Datadog's agent and Redis", () => {
  const secretOf = (objects) => objects.find(({ metadata }) => metadata.name === 'shop-redis-monitor');
  const peers = (objects) => only(objects, 'NetworkPolicy', 'shop-redis').spec.ingress[0].from;

  it('is let in, with a user of its own, only where its metrics are wanted', async () => {
    const off = await rendered('onlyonce', {});
    const logsOnly = await rendered('onlyonce', {
      redis: { datadog: { enabled: true, metrics: { enabled: false } } },
    });
    for (const objects of [off, logsOnly]) {
      expect(peers(objects)).toHaveLength(1);
      expect(secretOf(objects)).toBeUndefined();
    }
    const objects = await rendered('onlyonce', { redis: on });
    expect(peers(objects).slice(1)).toEqual(
      ['app.kubernetes.io/component', 'agent.datadoghq.com/component'].map((label) => ({
        namespaceSelector: {},
        podSelector: { matchLabels: { [label]: 'agent' } },
      })),
    );
    expect(atob(secretOf(objects).data.username)).toBe('monitor');
    expect(secretOf(objects).metadata.annotations).toEqual({ 'helm.sh/resource-policy': 'keep' });
  });

  it('takes a password of your own Secret', async () => {
    const objects = await rendered('onlyonce', {
      redis: { ...on, users: { monitor: { existingSecret: 'mine' } } },
    });
    expect(secretOf(objects)).toBeUndefined();
    const { volumes } = only(objects, 'StatefulSet', 'shop-redis').spec.template.spec;
    const volume = volumes.find(({ name }) => name === 'password-monitor');
    expect(volume.secret).toMatchObject({ secretName: 'mine' });
  });

  it('finds name and password in the Secret that agent-values.yaml names', async () => {
    const text = await runHelm(anyHelm, ['template', 'onlyonce', 'onlyonce', ...flagsFor({ redis: on })]);
    const objects = parseAllDocuments(text).map((document) => document.toJS() ?? { kind: '' });
    const { data } = only(objects, 'Secret', 'onlyonce-redis-monitor');
    expect(Object.keys(data).sort()).toEqual(['password', 'username']);
    const { datadog } = parse(readFileSync(new URL('agent-values.yaml', agent), 'utf8'));
    expect(datadog.env.map(({ valueFrom }) => valueFrom.secretKeyRef)).toEqual(
      ['username', 'password'].map((key) => ({ name: 'onlyonce-redis-monitor', key, optional: true })),
    );
  });
});

withHelm('the user monitor, in a real Redis', () => {
  let redis;
  let ask;
  beforeAll(async () => {
    const objects = await rendered('onlyonce', { redis: on });
    redis = await RedisPod.fromRender(objects);
    redis.start();
    await eventually(async () => expect(await redis.probe('ready')).toBe(true), {
      withinMs: 20_000,
      everyMs: 100,
    });
    const password = readFileSync(redis.passwordFile('monitor'), 'utf8');
    // redis-cli answers a refusal on stdout, with exit code 0.
    ask = (...command) => redis.ask('monitor', password, ...command);
  });
  afterAll(async () => {
    await redis?.stop('SIGTERM');
    redis?.remove();
  });

  it('may ask what the redisdb check asks', async () => {
    expect(await ask('PING')).toBe('PONG');
    const info = await ask('INFO');
    for (const field of ['used_memory:', 'maxmemory:', 'evicted_keys:', 'aof_rewrite_in_progress:'])
      expect(info).toContain(field);
    expect(await ask('INFO', 'commandstats')).toContain('cmdstat_');
    expect(await ask('CONFIG', 'GET', 'maxclients')).toMatch(/^maxclients\n\d+$/);
    expect(await ask('CONFIG', 'GET', 'slowlog-max-len')).toMatch(/\d+$/);
    expect(await ask('SLOWLOG', 'GET', '128')).not.toContain('NOPERM');
    expect(await ask('CLIENT', 'SETNAME', 'agent')).toBe('OK');
  });

  const refused = [
    ['GET', '{shop}:stock'],
    ['HGETALL', '{shop}:stock'],
    ['SET', 'x', '1'],
    ['DEL', '{shop}:stock'],
    ['KEYS', '*'],
    ['SCAN', '0'],
    ['DBSIZE'],
    ['PUBLISH', '{shop}:order_updates', 'x'],
    ['SUBSCRIBE', '{shop}:order_updates'],
    ['EVAL', 'return 1', '0'],
    ['CONFIG', 'SET', 'maxmemory', '1'],
    ['CONFIG', 'RESETSTAT'],
    ['SLOWLOG', 'RESET'],
    ['CLIENT', 'LIST'],
    ['CLIENT', 'KILL', 'ID', '1'],
    ['MONITOR'],
    ['ACL', 'LIST'],
    ['FLUSHALL'],
    ['SHUTDOWN'],
    ['REPLICAOF', '127.0.0.1', '1'],
  ].map((command) => ({ command, what: command.join(' ') }));

  it.each(refused)('may not $what', async ({ command }) => {
    expect(await ask(...command)).toMatch(/NOPERM|no permissions/i);
  });
});
