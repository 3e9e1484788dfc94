// @ts-check
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from './helm.mjs';

/** @typedef {{ readonly name: string, readonly chart: string, readonly values: object, readonly golden?: true }} ValueSet */

const directory = scratch();
let written = 0;

/**
 * Flags of Helm for these values.
 * @param {object} values
 */
export function flagsFor(values) {
  written += 1;
  const file = join(directory, `${written}.json`);
  writeFileSync(file, JSON.stringify(values));
  return ['--values', file];
}

/** Passwords that are made up differ from render to render. */
export const FIXED_PASSWORDS = {
  order: { redis: { existingSecret: 'order-redis' } },
  inventory: { redis: { existingSecret: 'inventory-redis' } },
  redis: {
    users: {
      order: { existingSecret: 'order-redis' },
      inventory: { existingSecret: 'inventory-redis' },
      admin: { existingSecret: 'admin-redis' },
    },
  },
};

const url = { redis: { url: 'redis://store:6379' } };
const datadog = { enabled: true, env: 'staging', version: '1.2.3' };
const keda = { enabled: true, minReplicaCount: 1, maxReplicaCount: 20 };
const external = (/** @type {object} */ redis) => ({ redis: { enabled: false }, global: { redis } });

/** What people set. @type {readonly ValueSet[]} */
export const VALUE_SETS = [
  { name: 'umbrella, five replicas', chart: 'onlyonce', values: { inventory: { replicaCount: 5 } } },
  { name: 'umbrella, own passwords', golden: true, chart: 'onlyonce', values: FIXED_PASSWORDS },
  {
    name: 'umbrella, TLS made by the chart',
    chart: 'onlyonce',
    values: { global: { redis: { tls: { enabled: true } } } },
  },
  {
    name: 'umbrella, TLS of cert-manager',
    chart: 'onlyonce',
    values: {
      ...FIXED_PASSWORDS,
      global: { redis: { tls: { enabled: true, existingSecret: 'redis-tls' } } },
    },
  },
  {
    name: 'umbrella, another namespace and channels for all',
    chart: 'onlyonce',
    values: { global: { config: { namespace: 'eu', channel: 'placed', resultsChannel: 'settled' } } },
  },
  {
    name: 'umbrella, Redis of your own',
    chart: 'onlyonce',
    values: external({ url: 'redis://store:6380/2' }),
  },
  {
    name: 'umbrella, Sentinel with TLS',
    golden: true,
    chart: 'onlyonce',
    values: {
      redis: { enabled: false },
      global: {
        redis: {
          url: 'rediss+sentinel://s1:26379,s2:26380/mymaster',
          existingSecret: 'shop-redis',
          username: '{{ .Chart.Name }}',
          passwordKey: '{{ .Chart.Name }}-password',
          sentinel: { username: 'watcher', passwordKey: 'sentinel' },
          tls: { existingSecret: 'ca' },
        },
        config: { durability: 'replicated', waitReplicas: 2 },
      },
    },
  },
  {
    name: 'umbrella, Cluster, URL in a Secret',
    chart: 'onlyonce',
    values: external({ existingSecret: 'shop-redis', urlKey: 'url', passwordKey: '' }),
  },
  {
    name: 'umbrella, mutual TLS',
    chart: 'onlyonce',
    values: external({
      url: 'rediss+cluster://c1,c2:7000',
      tls: { existingSecret: 'client', certKey: 'tls.crt', keyKey: 'tls.key' },
    }),
  },
  { name: 'umbrella, order alone', chart: 'onlyonce', values: { inventory: { enabled: false } } },
  { name: 'umbrella, inventory alone', chart: 'onlyonce', values: { order: { enabled: false } } },
  { name: 'umbrella, without the test', chart: 'onlyonce', values: { tests: { enabled: false } } },
  {
    name: 'umbrella, everything on',
    golden: true,
    chart: 'onlyonce',
    values: {
      ...FIXED_PASSWORDS,
      global: { imageRegistry: 'registry.example:5000', imagePullSecrets: [{ name: 'pull' }] },
      order: {
        ...FIXED_PASSWORDS.order,
        datadog,
        apiKey: { existingSecret: 'keys' },
        autoscaling: { enabled: true },
        ingress: {
          enabled: true,
          hosts: ['shop.example'],
          tls: [{ secretName: 't', hosts: ['shop.example'] }],
        },
        serviceMonitor: { enabled: true },
        prometheusRule: { enabled: true },
      },
      inventory: {
        ...FIXED_PASSWORDS.inventory,
        datadog,
        keda,
        apiKey: { existingSecret: 'keys' },
        serviceMonitor: { enabled: true },
        prometheusRule: { enabled: true },
      },
      redis: {
        ...FIXED_PASSWORDS.redis,
        users: { ...FIXED_PASSWORDS.redis.users, monitor: { enabled: true, existingSecret: 'monitor' } },
        podDisruptionBudget: { enabled: true },
      },
    },
  },
  { name: 'order alone', golden: true, chart: 'order', values: url },
  { name: 'order, no replica', chart: 'order', values: { ...url, replicaCount: 0 } },
  {
    name: 'order, HTTPRoute',
    golden: true,
    chart: 'order',
    values: {
      ...url,
      httpRoute: {
        enabled: true,
        parentRefs: [{ name: 'gateway', namespace: 'infra' }],
        hostnames: ['shop.example'],
      },
    },
  },
  {
    name: 'order, Ingress',
    chart: 'order',
    values: {
      ...url,
      ingress: {
        enabled: true,
        className: 'nginx',
        hosts: ['a.example', 'b.example'],
        annotations: { a: 'b' },
      },
    },
  },
  { name: 'order, autoscaled by CPU', chart: 'order', values: { ...url, autoscaling: { enabled: true } } },
  {
    name: 'order, LoadBalancer',
    chart: 'order',
    values: { ...url, service: { type: 'LoadBalancer', port: 80 } },
  },
  {
    name: 'order, image by digest',
    chart: 'order',
    values: { ...url, image: { digest: `sha256:${'ab'.repeat(32)}` } },
  },
  { name: 'order, closed policy', chart: 'order', values: { ...url, networkPolicy: { allowAll: false } } },
  {
    name: 'order, open policy elsewhere',
    golden: true,
    chart: 'order',
    values: {
      ...url,
      networkPolicy: {
        redisPeers: [{ ipBlock: { cidr: '10.0.0.0/8' } }],
        redisPorts: [6379, 6380],
        dnsCIDRs: ['169.254.20.10/32'],
        extraEgress: [{ ports: [{ port: 443, protocol: 'TCP' }] }],
        extraIngress: [{ from: [{ namespaceSelector: {} }] }],
      },
    },
  },
  { name: 'order, bare', chart: 'order', values: bare() },
  { name: 'inventory alone', chart: 'inventory', values: url },
  { name: 'inventory, scaled by its backlog', golden: true, chart: 'inventory', values: { ...url, keda } },
  {
    name: 'inventory, scaled by its backlog through Prometheus',
    chart: 'inventory',
    values: {
      ...url,
      keda: {
        ...keda,
        trigger: 'prometheus',
        prometheus: { serverAddress: 'http://p:9090', authenticationRef: 'p' },
      },
    },
  },
  { name: 'inventory, Datadog by the node', golden: true, chart: 'inventory', values: { ...url, datadog } },
  {
    name: 'inventory, Datadog by a Service',
    chart: 'inventory',
    values: { ...url, datadog: { ...datadog, agent: { mode: 'service', host: 'agent.datadog' } } },
  },
  {
    name: 'inventory, Datadog by a socket',
    chart: 'inventory',
    values: { ...url, datadog: { ...datadog, agent: { mode: 'socket' } } },
  },
  {
    name: 'inventory, Datadog by its admission controller',
    chart: 'inventory',
    values: { ...url, datadog: { ...datadog, agent: { mode: 'none' }, admissionController: true } },
  },
  {
    name: 'inventory, monitored',
    chart: 'inventory',
    values: {
      ...url,
      serviceMonitor: { enabled: true, labels: { release: 'p' } },
      prometheusRule: { enabled: true, labels: { release: 'p' } },
    },
  },
  {
    name: 'inventory, lock nodes',
    chart: 'inventory',
    values: { ...url, lockNodes: { urls: ['redis://a', 'redis://b', 'redis://c'] } },
  },
  { name: 'inventory, everything extra', golden: true, chart: 'inventory', values: extras() },
  {
    name: 'inventory, slow handlers',
    chart: 'inventory',
    values: {
      ...url,
      config: {
        lockTtlMs: 60_000,
        drainMs: 120_000,
        handlerDelayMs: 1_000,
        maxInFlight: 1_000,
        sweepIntervalMs: 5_000,
        expectedRate: 1_000_000,
      },
      livenessProbe: { periodSeconds: 20 },
      terminationGracePeriodSeconds: 150,
    },
  },
  { name: 'redis alone', golden: true, chart: 'redis', values: {} },
  { name: 'redis, existing claim', chart: 'redis', values: { persistence: { existingClaim: 'data' } } },
  {
    name: 'redis, without a volume',
    chart: 'redis',
    values: { persistence: { enabled: false }, acknowledgeDataLoss: true, appendfsync: 'everysec' },
  },
  {
    name: 'redis, Datadog',
    golden: true,
    chart: 'redis',
    values: {
      users: { ...FIXED_PASSWORDS.redis.users, monitor: { existingSecret: 'monitor' } },
      datadog: { enabled: true, env: 'staging' },
    },
  },
  {
    name: 'redis, Datadog and TLS',
    chart: 'redis',
    values: {
      tls: { enabled: true, existingSecret: 'tls' },
      datadog: { enabled: true, metrics: { caFile: '/authority/ca.crt' } },
    },
  },
  {
    name: 'redis, tuned',
    golden: true,
    chart: 'redis',
    values: {
      extraConfig: { 'slowlog-log-slower-than': 1_000_000, timeout: 0 },
      resources: { limits: { memory: '2.5G' } },
      maxmemoryPercent: 50,
      persistence: { storageClass: 'fast', size: '100Gi', annotations: { backup: 'yes' } },
      tls: { enabled: true, existingSecret: 'tls', clientCertificates: true },
      networkPolicy: { allowFrom: [{ namespaceSelector: {} }] },
      users: { inventory: { enabled: false } },
    },
  },
];

function bare() {
  return {
    ...url,
    podDisruptionBudget: { enabled: false },
    networkPolicy: { enabled: false },
    topologySpread: { enabled: false },
    serviceAccount: { create: false },
    preStopSeconds: 0,
  };
}

function extras() {
  return {
    ...url,
    fullnameOverride: 'stock-keeper',
    commonLabels: { team: 'a' },
    podLabels: { tier: 'back' },
    podAnnotations: { note: 'x' },
    nodeSelector: { disk: 'ssd' },
    tolerations: [{ key: 'a', operator: 'Exists' }],
    affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } },
    priorityClassName: 'high',
    imagePullSecrets: [{ name: 'pull' }],
    serviceAccount: { name: 'robot', annotations: { a: 'b' } },
    podDisruptionBudget: { minAvailable: '50%' },
    extraEnv: [{ name: 'NODE_OPTIONS', value: '--max-old-space-size=384' }],
    extraEnvFrom: [{ secretRef: { name: 'more', optional: true } }],
    extraVolumes: [{ name: 'more', emptyDir: {} }],
    extraVolumeMounts: [{ name: 'more', mountPath: '/more' }],
    extraContainers: [{ name: 'beside', image: 'busybox' }],
    extraInitContainers: [{ name: 'before', image: 'busybox' }],
  };
}
