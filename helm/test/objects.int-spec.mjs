import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { anyHelm, helms, only, render, runHelm } from './support/helm.mjs';
import { flagsFor } from './support/value-sets.mjs';

const withHelm = helms.length > 0 ? describe : describe.skip;
const url = { redis: { url: 'redis://store:6379' } };
const rendered = (chart, values = {}) => render(anyHelm, chart, flagsFor(values));
const podOf = (objects, kind, name) => only(objects, kind, name).spec.template.spec;
const kinds = (objects) => objects.map(({ kind }) => kind);

withHelm('the pods of a service', () => {
  it('never leave before their successors are ready, and have time to drain', async () => {
    const objects = await rendered('order', url);
    const { strategy, template } = only(objects, 'Deployment').spec;
    expect(strategy.rollingUpdate).toMatchObject({ maxUnavailable: 0 });
    const [container] = template.spec.containers;
    const drainSeconds = Number(only(objects, 'ConfigMap').data.DRAIN_MS) / 1_000;
    expect(container.lifecycle.preStop).toEqual({ sleep: { seconds: 5 } });
    expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(5 + drainSeconds + 5);
  });

  it('are asked by the probes what the services answer', async () => {
    const [container] = podOf(await rendered('inventory', url), 'Deployment').containers;
    expect(container.startupProbe.httpGet).toEqual({ path: '/health/live', port: 'http' });
    expect(container.livenessProbe.httpGet).toEqual({ path: '/health/live', port: 'http' });
    expect(container.readinessProbe.httpGet).toEqual({ path: '/health/ready', port: 'http' });
  });

  it('are named by Kubernetes, and so differ', async () => {
    const [{ env }] = podOf(await rendered('inventory', url), 'Deployment').containers;
    expect(env).toContainEqual({ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } });
  });

  it('get numbers as digits, a million too', async () => {
    const { data } = only(
      await rendered('inventory', { ...url, config: { expectedRate: 1_000_000 } }),
      'ConfigMap',
    );
    expect(data.EXPECTED_RATE).toBe('1000000');
    expect(data).not.toHaveProperty('MAX_IN_FLIGHT');
  });

  it('get the key of their API from a Secret', async () => {
    for (const [chart, name] of [
      ['order', 'API_KEY'],
      ['inventory', 'ADMIN_API_KEY'],
    ]) {
      const [{ env }] = podOf(
        await rendered(chart, { ...url, apiKey: { existingSecret: 'keys', key: 'k' } }),
        'Deployment',
      ).containers;
      expect(env).toContainEqual({ name, valueFrom: { secretKeyRef: { name: 'keys', key: 'k' } } });
    }
  });
});

withHelm('names', () => {
  it('fit where Kubernetes derives others from them, however long the release is called', async () => {
    const release = 'r'.repeat(53);
    const text = await runHelm(anyHelm, ['template', release, 'onlyonce']);
    const found = parseAllDocuments(text).map((document) => document.toJS());
    for (const { kind, metadata } of found.filter((object) => object !== null)) {
      // StatefulSet: with a hash of 10 behind it as a label; pods of a Deployment are cut by Kubernetes.
      const most = kind === 'StatefulSet' ? 52 : 63;
      expect({ kind, name: metadata.name, fits: metadata.name.length <= most }).toMatchObject({ fits: true });
    }
    const redis = only(found.filter(Boolean), 'StatefulSet').metadata.name;
    expect(text).toContain(`REDIS_URL: "redis://${redis}:6379"`);
  });
});

withHelm('an autoscaler', () => {
  it.each([
    ['autoscaling', 'HorizontalPodAutoscaler'],
    ['keda', 'ScaledObject'],
  ])('of kind %s alone decides how many pods there are', async (value, kind) => {
    const objects = await rendered('inventory', { ...url, [value]: { enabled: true } });
    expect(only(objects, 'Deployment').spec).not.toHaveProperty('replicas');
    expect(only(objects, kind).spec.scaleTargetRef.name).toBe('shop-inventory');
    expect(only(await rendered('inventory', url), 'Deployment').spec.replicas).toBe(3);
  });

  it('by the backlog reads the depth of the group that the service works for', async () => {
    const keda = { enabled: true };
    const location = async (chart, config = {}) =>
      only(await rendered(chart, { ...url, keda, config }), 'ScaledObject').spec.triggers[0].metadata
        .valueLocation;
    expect(await location('inventory')).toBe(
      'onlyonce_backlog_depth{channel="order_updates",group="inventory"}',
    );
    expect(await location('order')).toBe('onlyonce_backlog_depth{channel="order_results",group="order"}');
    expect(await location('inventory', { channel: 'placed', group: 'stock' })).toContain(
      'channel="placed",group="stock"',
    );
  });
});

withHelm('a network policy', () => {
  const policyOf = async (chart, values, name) =>
    only(await rendered(chart, values), 'NetworkPolicy', name).spec;

  it('lets a service out to names and to the Redis of its release only', async () => {
    const { policyTypes, egress } = await policyOf('onlyonce', {}, 'shop-inventory');
    expect(policyTypes).toEqual(['Ingress', 'Egress']);
    expect(egress).toHaveLength(2);
    expect(egress[1]).toEqual({
      ports: [{ port: 6379, protocol: 'TCP' }],
      to: [
        {
          podSelector: {
            matchLabels: { 'app.kubernetes.io/name': 'redis', 'app.kubernetes.io/instance': 'shop' },
          },
        },
      ],
    });
  });

  it.each([
    ['redis://a:7001', [7001]],
    ['redis://a', [6379]],
    ['redis+cluster://a:7000,b:7001,c', [7000, 7001, 6379]],
    ['redis+sentinel://a,b:26380/master', [26379, 26380, 6379]],
  ])('lets it out to the ports of %s', async (at, ports) => {
    const { egress } = await policyOf('order', { redis: { url: at } });
    expect(egress[1].ports.map(({ port }) => port)).toEqual(ports);
  });

  it('lets nobody into Redis but the services, and Redis out to nobody', async () => {
    const { ingress, egress } = await policyOf('onlyonce', {}, 'shop-redis');
    expect(egress ?? []).toEqual([]);
    expect(ingress).toHaveLength(1);
    expect(ingress[0].from).toHaveLength(1);
    expect(ingress[0].from[0].podSelector.matchExpressions[1].values).toEqual(['order', 'inventory']);
  });

  it('lets in who reads the metrics, where there is one', async () => {
    const sources = async (values) =>
      (await policyOf('inventory', { ...url, ...values })).ingress[0].from.map(
        ({ podSelector }) => podSelector,
      );
    expect(await sources({})).toHaveLength(2);
    const matchLabels = { 'app.kubernetes.io/name': 'keda-operator' };
    expect(await sources({ keda: { enabled: true } })).toContainEqual({ matchLabels });
    expect(await sources({ serviceMonitor: { enabled: true } })).toHaveLength(3);
    expect(await sources({ datadog: { enabled: true } })).toHaveLength(4);
  });

  it('lets pods out to the Datadog agent only where there is one', async () => {
    const ports = async (datadog) => JSON.stringify((await policyOf('order', { ...url, datadog })).egress);
    expect(await ports({ enabled: false })).not.toContain('8126');
    expect(await ports({ enabled: true })).toContain('8126');
  });
});

withHelm('Redis', () => {
  it('is one pod with a volume that outlives it', async () => {
    const { spec } = only(await rendered('redis'), 'StatefulSet');
    expect(spec.replicas).toBe(1);
    expect(spec.persistentVolumeClaimRetentionPolicy).toEqual({
      whenDeleted: 'Retain',
      whenScaled: 'Retain',
    });
    expect(spec.volumeClaimTemplates[0].spec.accessModes).toEqual(['ReadWriteOnce']);
  });

  it('has the passwords only where the ACL file is written', async () => {
    const { initContainers, containers } = podOf(await rendered('redis'), 'StatefulSet');
    const mounts = ([container]) =>
      container.volumeMounts.map(({ name }) => name).filter((name) => /^password/.test(name));
    expect(mounts(initContainers)).toHaveLength(3);
    expect(mounts(containers)).toEqual([]);
  });

  it('serves TLS and nothing else, and the services use it, with one value', async () => {
    const objects = await rendered('onlyonce', { global: { redis: { tls: { enabled: true } } } });
    expect(only(objects, 'ConfigMap', 'shop-redis').data['redis.conf']).toMatch(/^port 0$/m);
    const { data } = only(objects, 'ConfigMap', 'shop-order');
    expect(data.REDIS_URL).toBe('rediss://shop-redis:6379');
    const certificate = podOf(objects, 'Deployment', 'shop-order').volumes.find(
      ({ name }) => name === 'redis-tls',
    );
    expect(certificate.secret).toMatchObject({
      secretName: 'shop-redis-tls',
      items: [{ key: 'ca.crt', path: 'ca.crt' }],
    });
  });

  it.each([
    ['1Gi', 60, 644_245_094],
    ['512Mi', 50, 268_435_456],
    ['2.5G', 40, 1_000_000_000],
    ['1000000000', 80, 800_000_000],
  ])('leaves head room: of %s it takes %d percent', async (memory, maxmemoryPercent, bytes) => {
    const objects = await rendered('redis', { resources: { limits: { memory } }, maxmemoryPercent });
    expect(only(objects, 'ConfigMap').data['redis.conf']).toMatch(new RegExp(`^maxmemory ${bytes}$`, 'm'));
  });

  it('is not started anew by a new version of the chart alone', async () => {
    const { template } = only(await rendered('redis'), 'StatefulSet').spec;
    expect(JSON.stringify(template)).not.toContain('helm.sh/chart');
  });

  it('is not there when it is not wanted', async () => {
    const values = { redis: { enabled: false }, global: { redis: { url: 'redis://a' } } };
    expect(kinds(await rendered('onlyonce', values))).not.toContain('StatefulSet');
  });
});

withHelm('Datadog', () => {
  it('reads env, service and version from one place, the labels', async () => {
    const objects = await rendered('order', { ...url, datadog: { enabled: true, env: 'eu', version: '7' } });
    const { metadata, spec } = only(objects, 'Deployment');
    const tags = {
      'tags.datadoghq.com/env': 'eu',
      'tags.datadoghq.com/service': 'order',
      'tags.datadoghq.com/version': '7',
    };
    expect(metadata.labels).toMatchObject(tags);
    expect(spec.template.metadata.labels).toMatchObject(tags);
    const [{ env }] = spec.template.spec.containers;
    for (const tag of ['env', 'service', 'version']) {
      const fieldRef = { fieldPath: `metadata.labels['tags.datadoghq.com/${tag}']` };
      expect(env).toContainEqual({ name: `DD_${tag.toUpperCase()}`, valueFrom: { fieldRef } });
    }
    expect(env).toContainEqual({
      name: 'DD_AGENT_HOST',
      valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } },
    });
    expect(only(objects, 'ConfigMap').data.DD_TRACE_ENABLED).toBe('true');
    const annotations = spec.template.metadata.annotations;
    expect(JSON.parse(annotations['ad.datadoghq.com/order.logs'])).toEqual([
      { source: 'nodejs', service: 'order' },
    ]);
    expect(JSON.parse(annotations['ad.datadoghq.com/order.checks']).openmetrics.instances[0]).toMatchObject({
      openmetrics_endpoint: 'http://%%host%%:3001/metrics',
    });
  });

  it('leaves no trace where it is off', async () => {
    const text = JSON.stringify(await rendered('onlyonce'));
    expect(text).not.toContain('datadoghq');
    expect(text).toContain('"DD_TRACE_ENABLED":"false"');
  });
});
