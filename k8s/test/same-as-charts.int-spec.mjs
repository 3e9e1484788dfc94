import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { anyHelm, helms, runHelm } from '../../helm/test/support/helm.mjs';
import { faultsOf, KUBERNETES_VERSIONS } from '../../helm/test/support/kubernetes-schemas.mjs';
import { insecurities } from '../../helm/test/support/pod-security.mjs';
import { differences } from './support/differences.mjs';
import { built, documents, kubectl } from './support/kubectl.mjs';
import { meaningOfChart, meaningOfOverlay } from './support/meaning.mjs';

const withTools = helms.length > 0 && kubectl !== undefined ? describe : describe.skip;

const OVERLAYS = [
  { name: 'dev', namespace: 'onlyonce-dev' },
  { name: 'prod', namespace: 'onlyonce' },
];
const EVERYTHING = [
  { directory: 'base' },
  ...OVERLAYS.map(({ name }) => ({ directory: `overlays/${name}` })),
];

/** @param {string} name of the values file @param {string} namespace */
async function chart(name, namespace) {
  const values = join(import.meta.dirname, `values-${name}.yaml`);
  const args = ['template', 'onlyonce', 'onlyonce', '--namespace', namespace, '--values', values];
  return documents(await runHelm(anyHelm, args));
}

withTools('the manifests of k8s/', () => {
  it.each(OVERLAYS)('mean what the charts mean: overlays/$name', async ({ name, namespace }) => {
    const objects = await built(`overlays/${name}`);
    const rest = objects.filter(({ kind }) => kind !== 'Namespace');
    expect(rest.length).toBeGreaterThan(10);
    const chartObjects = meaningOfChart(await chart(name, namespace));
    expect(differences({ 'the chart': chartObjects, 'the overlay': meaningOfOverlay(rest) })).toEqual([]);
    expect(objects.filter(({ kind }) => kind === 'Namespace')).toMatchObject([
      { metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } },
    ]);
  });

  it('mean what the charts mean: base, in no namespace', async () => {
    const chartObjects = meaningOfChart(await chart('base', 'any'));
    for (const { metadata } of chartObjects) delete metadata.namespace;
    const overlay = meaningOfOverlay(await built('base'));
    expect(differences({ 'the chart': chartObjects, 'the base': overlay })).toEqual([]);
  });

  it.each(EVERYTHING)('are valid Kubernetes and restricted: $directory', async ({ directory }) => {
    const objects = await built(directory);
    const faults = objects.map((object) => KUBERNETES_VERSIONS.map((version) => faultsOf(version, object)));
    expect((await Promise.all(faults.flat())).flat()).toEqual([]);
    expect(objects.flatMap((object) => insecurities(object, {}))).toEqual([]);
  });

  it('hold no password but those for development', async () => {
    const kinds = async (directory) => (await built(directory)).map(({ kind }) => kind);
    expect(await kinds('base')).not.toContain('Secret');
    expect(await kinds('overlays/prod')).not.toContain('Secret');
  });

  it('roll the pods when a setting changes: what they mount has a hash of it in its name', async () => {
    const objects = await built('overlays/prod');
    const [map] = objects.filter(
      ({ kind, metadata }) => kind === 'ConfigMap' && /inventory/.test(metadata.name),
    );
    const [pods] = objects.filter(
      ({ kind, metadata }) => kind === 'Deployment' && /inventory/.test(metadata.name),
    );
    expect(map.metadata.name).toMatch(/^onlyonce-inventory-[0-9a-z]{10}$/);
    expect(pods.spec.template.spec.containers[0].envFrom).toEqual([
      { configMapRef: { name: map.metadata.name } },
    ]);
  });
});
