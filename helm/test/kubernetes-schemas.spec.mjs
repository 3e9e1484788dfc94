import { describe, expect, it } from '@jest/globals';
import { faultsOf, KUBERNETES_VERSIONS } from './support/kubernetes-schemas.mjs';

const pod = (spec) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', labels: { a: 'b' } },
  spec: {
    containers: [{ name: 'c', image: 'i', lifecycle: { preStop: { sleep: { seconds: 5 } } } }],
    ...spec,
  },
});

describe.each(KUBERNETES_VERSIONS)('the schemas of Kubernetes %s', (version) => {
  it('let a right object pass', async () => {
    expect(await faultsOf(version, pod({ nodeSelector: { disk: 'ssd' } }))).toEqual([]);
  });

  it.each([
    ['a field that nobody knows', { restartPolice: 'Never' }, '/spec/restartPolice'],
    ['one deep inside', { securityContext: { runAsNotRoot: true } }, '/spec/securityContext/runAsNotRoot'],
    ['one in a list', { volumes: [{ name: 'v', emptyDirectory: {} }] }, '/spec/volumes/0/emptyDirectory'],
    ['a wrong type', { terminationGracePeriodSeconds: 'long' }, 'terminationGracePeriodSeconds'],
    ['a wrong choice', { restartPolicy: 'Sometimes' }, 'restartPolicy'],
  ])('refuse %s', async (_, spec, named) => {
    expect((await faultsOf(version, pod(spec))).join()).toContain(named);
  });

  it('refuse an object without what it must have', async () => {
    expect(await faultsOf(version, { ...pod({}), spec: {} })).not.toEqual([]);
  });

  it('refuse a kind they do not know', async () => {
    expect(await faultsOf(version, { apiVersion: 'v2', kind: 'Pod' })).toEqual(['no schema for v2 Pod']);
  });
});

it('custom resources are looked at as closely', async () => {
  const scaled = {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name: 's' },
    spec: { scaleTargetRef: { name: 'd' }, maxReplicas: 3, triggers: [{ type: 'cron', metadata: {} }] },
  };
  expect(await faultsOf('1.34', scaled)).toEqual(['ScaledObject s: unknown field /spec/maxReplicas']);
});
