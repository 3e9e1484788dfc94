import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { metricDefinitions } from '@onlyonce/nestjs';
import { parse } from 'yaml';
import { processMetrics } from '../src/emitted/metrics.ts';
import { committed } from './support/generated.ts';

const repository = new URL('../../../', import.meta.url);
const read = (path: string): unknown => parse(readFileSync(new URL(path, repository), 'utf8'));

interface Instance {
  readonly namespace: string;
  readonly metrics: readonly string[];
  readonly exclude_metrics: readonly string[];
}
type Annotations = Record<string, { checks: { openmetrics?: { instances: Instance[] } }; logs: unknown }>;
const annotations = committed().get('agent/annotations.json') as Annotations;

describe.each(['order', 'inventory'])('the OpenMetrics check of %s', (service) => {
  const instance = annotations[service]?.checks.openmetrics?.instances[0];

  it('takes all that is emitted, as the agent matches names: regular expressions, counters without _total', () => {
    const patterns = (instance?.metrics ?? []).map((pattern) => new RegExp(pattern));
    const left = [...Object.keys(metricDefinitions), ...Object.keys(processMetrics)]
      .map((name) => name.replace(/_total$/, ''))
      .filter((name) => !instance?.exclude_metrics.includes(name))
      .filter((name) => !patterns.some((pattern) => pattern.test(name)));
    expect(left).toEqual([]);
    expect(instance?.namespace).toBe('');
  });

  it('stands in docker-compose.yml as it is generated', () => {
    const compose = read('docker-compose.yml') as {
      services: Record<string, { labels: Record<string, string> }>;
    };
    const labels = compose.services[service]?.labels ?? {};
    expect(JSON.parse(labels['com.datadoghq.ad.checks'] ?? 'null')).toEqual(annotations[service]?.checks);
    expect(JSON.parse(labels['com.datadoghq.ad.logs'] ?? 'null')).toEqual(annotations[service]?.logs);
    for (const tag of ['env', 'service', 'version'])
      expect(labels).toHaveProperty([`com.datadoghq.tags.${tag}`]);
  });
});

describe('agent-values.yaml', () => {
  const values = read('k8s/datadog/agent-values.yaml') as {
    datadog: {
      logs: unknown;
      prometheusScrape: { enabled: boolean };
      env: { name: string }[];
      confd: Record<string, string>;
      apm: unknown;
    };
    clusterAgent: { admissionController: unknown };
  };

  it('lets the agent collect logs, traces and checks, each only of those who ask', () => {
    expect(values.datadog.logs).toEqual({ enabled: true, containerCollectAll: false });
    expect(values.datadog.apm).toEqual({ socketEnabled: true, portEnabled: true });
    expect(values.datadog.prometheusScrape.enabled).toBe(false);
    expect(values.clusterAgent.admissionController).toMatchObject({ enabled: true, mutateUnlabelled: false });
  });

  it('asks a Redis without an annotation the same as one that has it', () => {
    const file = parse(values.datadog.confd['redisdb.yaml'] ?? '') as { instances: unknown };
    const checks = annotations['redis']?.checks as Record<string, { instances: unknown }>;
    expect(file.instances).toEqual(checks['redisdb']?.instances);
  });

  it('gives the agent every variable that an annotation reads from its environment', () => {
    const asked = [...JSON.stringify(annotations).matchAll(/%%env_(\w+)%%/g)].map(([, name]) => name);
    expect(asked.length).toBeGreaterThan(0);
    expect(values.datadog.env.map(({ name }) => name)).toEqual(expect.arrayContaining(asked));
  });
});
