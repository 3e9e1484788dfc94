import { describe, expect, it } from '@jest/globals';
import { helms, refusal } from './support/helm.mjs';
import { flagsFor } from './support/value-sets.mjs';

const withHelm = helms.length > 0 ? describe : describe.skip;
const url = { redis: { url: 'redis://store:6379' } };

/** Chart, values, and what the message must name: the value, and where there is one the reason. */
const SCHEMA = [
  ['an unknown value', 'order', { ...url, replicas: 3 }, /replicas/],
  ['an unknown setting', 'inventory', { ...url, config: { lockTtl: 1 } }, /lockTtl/],
  ['an unknown value of a part', 'onlyonce', { inventory: { replicas: 3 } }, /replicas/],
  ['an unknown part', 'onlyonce', { stock: {} }, /stock/],
  ['an unknown global value', 'onlyonce', { global: { redis: { uri: 'redis://a' } } }, /uri/],
  ['a setting that is not for both', 'onlyonce', { global: { config: { group: 'x' } } }, /group/],
  ['an unknown probe value', 'order', { ...url, livenessProbe: { period: 1 } }, /period/],
  ['a text for a number', 'order', { ...url, replicaCount: 'five' }, /replicaCount/],
  ['a fraction of a pod', 'order', { ...url, replicaCount: 1.5 }, /replicaCount/],
  ['less than no pod', 'order', { ...url, replicaCount: -1 }, /replicaCount/],
  ['a lock that is too short', 'order', { ...url, config: { lockTtlMs: 10 } }, /lockTtlMs/],
  ['a strategy that is none', 'order', { ...url, config: { claimStrategy: 'luck' } }, /claimStrategy/],
  ['a level that is none', 'order', { ...url, config: { logLevel: 'loud' } }, /logLevel/],
  ['a retention without a unit', 'order', { ...url, config: { retention: '7' } }, /retention/],
  ['a retention below a minute', 'order', { ...url, config: { retention: '30s' } }, /retention/],
  ['a namespace with a colon', 'order', { ...url, config: { namespace: 'a:b' } }, /namespace/],
  ['a URL of another kind', 'order', { redis: { url: 'http://store' } }, /url/],
  ['a port out of range', 'order', { ...url, service: { port: 70_000 } }, /port/],
  ['a pull policy that is none', 'order', { ...url, image: { pullPolicy: 'Often' } }, /pullPolicy/],
  ['a digest that is none', 'order', { ...url, image: { digest: 'sha256:abc' } }, /digest/],
  ['a variable without a name', 'order', { ...url, extraEnv: [{ value: 'x' }] }, /extraEnv/],
  ['a label that is not text', 'order', { ...url, podLabels: { build: 7 } }, /podLabels/],
  ['an fsync that is none', 'redis', { appendfsync: 'never' }, /appendfsync/],
  ['no head room', 'redis', { maxmemoryPercent: 95 }, /maxmemoryPercent/],
  ['a volume that is no size', 'redis', { persistence: { size: 'large' } }, /size/],
  ['Redis as root', 'redis', { runAsUser: 0 }, /runAsUser/],
  ['an agent mode that is none', 'order', { ...url, datadog: { agent: { mode: 'telepathy' } } }, /mode/],
];

const CROSS_CHECKS = [
  [
    'a grace period within the drain',
    'order',
    { ...url, terminationGracePeriodSeconds: 19 },
    /terminationGracePeriodSeconds is 19.* may need 20.*killed at work/s,
  ],
  [
    'a longer drain alone',
    'order',
    { ...url, config: { drainMs: 60_000 } },
    /terminationGracePeriodSeconds.*drainMs \(60 s\)/s,
  ],
  [
    'a longer preStop alone',
    'order',
    { ...url, preStopSeconds: 30 },
    /terminationGracePeriodSeconds.*preStopSeconds \(30\)/s,
  ],
  [
    'a timeout within one lock',
    'inventory',
    { ...url, config: { handlerTimeoutMs: 4_000 } },
    /handlerTimeoutMs \(4000\).*lockTtlMs \(5000\)/s,
  ],
  [
    'a delay that no message outlives',
    'inventory',
    { ...url, config: { handlerDelayMs: 700_000 } },
    /handlerDelayMs.*handlerTimeoutMs/s,
  ],
  [
    'a delay beyond the drain',
    'inventory',
    { ...url, config: { handlerDelayMs: 20_000 } },
    /drainMs.*handlerDelayMs.*abandon/s,
  ],
  [
    'a longest delay below the first',
    'inventory',
    { ...url, config: { retryBaseDelayMs: 60_000 } },
    /retryMaxDelayMs/,
  ],
  [
    'less in flight than at work',
    'inventory',
    { ...url, config: { maxInFlight: 8 } },
    /maxInFlight \(8\).*concurrency \(64\)/s,
  ],
  [
    'a sweep that hardly comes',
    'inventory',
    { ...url, config: { sweepIntervalMs: 600_000 } },
    /sweepIntervalMs/,
  ],
  [
    'a channel that hears itself',
    'order',
    { ...url, config: { resultsChannel: 'order_updates' } },
    /resultsChannel/,
  ],
  [
    'orders forgotten before ids',
    'order',
    { ...url, config: { orderRetention: '1d' } },
    /orderRetention \(1d\).*retention \(7d\)/s,
  ],
  [
    'ids for ever, orders for a while',
    'order',
    { ...url, config: { retention: 'forever', orderRetention: '30d' } },
    /orderRetention/,
  ],
  [
    'liveness shorter than a lock',
    'inventory',
    { ...url, config: { lockTtlMs: 60_000 } },
    /livenessProbe gives up after 30 s.*lockTtlMs/s,
  ],
  [
    'a start that is not waited for',
    'order',
    { ...url, startupProbe: { failureThreshold: 5 } },
    /startupProbe gives up after 10 s.*requireDurable/s,
  ],
  [
    'an answer later than the next question',
    'order',
    { ...url, readinessProbe: { timeoutSeconds: 9 } },
    /readinessProbe.timeoutSeconds/,
  ],
  ['no Redis', 'order', {}, /redis\.url is not set/],
  [
    'a password in the URL',
    'order',
    { redis: { url: 'redis://user:secret@store' } },
    /redis\.url must not hold/,
  ],
  ['two URLs', 'order', { redis: { url: 'redis://a', urlKey: 'url', existingSecret: 's' } }, /urlKey/],
  ['a key of no Secret', 'order', { redis: { urlKey: 'url' } }, /redis\.existingSecret/],
  [
    'a TLS Secret without TLS',
    'order',
    { redis: { url: 'redis://a', tls: { existingSecret: 's' } } },
    /tls\.existingSecret.*rediss/s,
  ],
  [
    'half a certificate',
    'order',
    { redis: { url: 'rediss://a', tls: { existingSecret: 's', certKey: 'c' } } },
    /certKey.*keyKey/s,
  ],
  [
    'an even number of lock nodes',
    'inventory',
    { ...url, lockNodes: { urls: ['redis://a', 'redis://b'] } },
    /lockNodes\.urls has 2/,
  ],
  [
    'no replica to wait for',
    'order',
    { ...url, config: { durability: 'replicated', waitReplicas: 0 } },
    /waitReplicas/,
  ],
  [
    'two autoscalers',
    'inventory',
    { ...url, autoscaling: { enabled: true }, keda: { enabled: true } },
    /autoscaling\.enabled and keda\.enabled/,
  ],
  [
    'more at least than at most',
    'order',
    { ...url, autoscaling: { enabled: true, minReplicas: 20 } },
    /minReplicas \(20\).*maxReplicas \(10\)/s,
  ],
  [
    'a share of nothing',
    'order',
    { ...url, autoscaling: { enabled: true }, resources: { requests: { cpu: null } } },
    /resources\.requests\.cpu/,
  ],
  [
    'scaling to nobody who could tell',
    'inventory',
    { ...url, keda: { enabled: true, minReplicaCount: 0 } },
    /keda\.minReplicaCount.*nobody would see/s,
  ],
  [
    'more in need than at most',
    'inventory',
    { ...url, keda: { enabled: true, fallbackReplicas: 50 } },
    /fallbackReplicas/,
  ],
  [
    'Prometheus nowhere',
    'inventory',
    { ...url, keda: { enabled: true, trigger: 'prometheus' } },
    /serverAddress/,
  ],
  [
    'a budget that blocks every drain',
    'order',
    { ...url, podDisruptionBudget: { minAvailable: 2 } },
    /minAvailable \(2\).*2 replicas/s,
  ],
  [
    'a setting past the checks',
    'order',
    { ...url, extraEnv: [{ name: 'LOCK_TTL_MS', value: '1' }] },
    /extraEnv must not set LOCK_TTL_MS.*config\.lockTtlMs/s,
  ],
  [
    'a password past the checks',
    'order',
    { ...url, extraEnv: [{ name: 'REDIS_PASSWORD', value: 'x' }] },
    /extraEnv must not set REDIS_PASSWORD/,
  ],
  [
    'an agent nowhere',
    'order',
    { ...url, datadog: { enabled: true, agent: { mode: 'service' } } },
    /datadog\.agent\.host/,
  ],
  [
    'metrics that nobody sends',
    'order',
    { ...url, datadog: { enabled: true, metrics: { dogstatsd: true }, traces: { enabled: false } } },
    /dogstatsd needs datadog\.traces/,
  ],
  ['an Ingress for every host', 'order', { ...url, ingress: { enabled: true } }, /ingress\.hosts/],
  ['a route to no Gateway', 'order', { ...url, httpRoute: { enabled: true } }, /httpRoute\.parentRefs/],
  [
    'no volume, unacknowledged',
    'redis',
    { persistence: { enabled: false } },
    /persistence\.enabled.*acknowledgeDataLoss/s,
  ],
  ['fsync left to the kernel', 'redis', { appendfsync: 'no', acknowledgeDataLoss: true }, /appendfsync no/],
  [
    'fsync every second, unacknowledged',
    'redis',
    { appendfsync: 'everysec' },
    /appendfsync everysec.*acknowledgeDataLoss/s,
  ],
  [
    'ids that can be evicted',
    'redis',
    { maxmemoryPolicy: 'allkeys-lru' },
    /maxmemoryPolicy allkeys-lru.*noeviction/s,
  ],
  [
    'no limit to make maxmemory from',
    'redis',
    { resources: { limits: { memory: null } } },
    /resources\.limits\.memory is not set/,
  ],
  [
    'a directive past the checks',
    'redis',
    { extraConfig: { AppendOnly: 'no' } },
    /extraConfig must not set AppendOnly/,
  ],
  ['two Redis', 'onlyonce', { global: { redis: { url: 'redis://a' } } }, /redis\.enabled=false/],
  ['none at all', 'onlyonce', { redis: { enabled: false } }, /global\.redis\.url/],
  [
    'services that do not meet',
    'onlyonce',
    {
      redis: { enabled: false },
      global: { redis: { url: 'redis://a' } },
      order: { config: { channel: 'other' } },
    },
    /order\.config\.channel \(other\).*inventory\.config\.channel/s,
  ],
  [
    'a user without rights',
    'onlyonce',
    { order: { config: { namespace: 'eu' } } },
    /order\.config\.namespace \(eu\).*redis\.namespace \(shop\)/s,
  ],
  [
    'a password that one side does not know',
    'onlyonce',
    { redis: { users: { order: { existingSecret: 's' } } } },
    /redis\.users\.order\.existingSecret/,
  ],
  [
    'a user that is not there',
    'onlyonce',
    { redis: { users: { order: { enabled: false } } } },
    /redis\.users\.order\.enabled/,
  ],
  ['one group for two', 'onlyonce', { order: { config: { group: 'inventory' } } }, /group/],
  ['Redis by another name', 'onlyonce', { redis: { fullnameOverride: 'store' } }, /redis\.fullnameOverride/],
  ['TLS that services do not see', 'onlyonce', { redis: { tls: { enabled: true } } }, /global\.redis\.tls/],
  [
    'replicas that are not there',
    'onlyonce',
    { global: { config: { durability: 'replicated' } } },
    /durability is replicated.*no replicas/s,
  ],
  [
    'a demand that this Redis does not meet',
    'onlyonce',
    { redis: { appendfsync: 'everysec', acknowledgeDataLoss: true } },
    /appendfsync.*requireDurable/s,
  ],
];

withHelm.each(helms)('values that Helm $major refuses by the schema', (helm) => {
  it.each(SCHEMA)('%s', async (_, chart, values, named) => {
    const said = await refusal(helm, ['template', 'shop', chart, ...flagsFor(values)]);
    expect(said).toMatch(/values don't meet the specifications of the schema/);
    expect(said).toMatch(named);
  });
});

withHelm.each(helms)('values that Helm $major refuses since they do not go together', (helm) => {
  it.each(CROSS_CHECKS)('%s', async (_, chart, values, named) => {
    const said = await refusal(helm, ['template', 'shop', chart, ...flagsFor(values)]);
    expect(said).toMatch(named);
  });
});
