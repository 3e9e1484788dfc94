import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { helms, render, runHelm } from './support/helm.mjs';
import { faultsOf, KUBERNETES_VERSIONS } from './support/kubernetes-schemas.mjs';
import { insecurities } from './support/pod-security.mjs';
import { flagsFor, VALUE_SETS } from './support/value-sets.mjs';

const GOLDEN = join(import.meta.dirname, 'golden');
const UPDATE = Boolean(process.env.UPDATE);

const withHelm = helms.length > 0 ? describe : describe.skip;

withHelm('what the charts render', () => {
  describe.each(helms)('with Helm $major', (helm) => {
    it.each(VALUE_SETS)('is valid Kubernetes and restricted: $name', async ({ chart, values }) => {
      const objects = await render(helm, chart, flagsFor(values));
      expect(objects.length).toBeGreaterThan(2);
      const faults = objects.map((object) => KUBERNETES_VERSIONS.map((version) => faultsOf(version, object)));
      expect((await Promise.all(faults.flat())).flat()).toEqual([]);

      const socket = values.datadog?.agent?.mode === 'socket';
      expect(objects.flatMap((object) => insecurities(object, { socket }))).toEqual([]);

      const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
      expect(new Set(names).size).toBe(names.length);
      for (const { metadata } of objects) {
        expect(metadata.namespace).toBe('trade');
        expect(metadata.labels).toMatchObject({
          'app.kubernetes.io/instance': 'shop',
          'app.kubernetes.io/part-of': 'onlyonce',
        });
      }
    });

    it.each(['order', 'inventory', 'redis', 'onlyonce'])('passes lint --strict: %s', async (chart) => {
      const url = chart === 'order' || chart === 'inventory' ? ['--set', 'redis.url=redis://store'] : [];
      expect(await runHelm(helm, ['lint', '--strict', chart, ...url])).toContain('0 chart(s) failed');
    });
  });

  // Reviewed as diffs: UPDATE=1 scripts/test/jest.sh helm/test/render
  it.each(VALUE_SETS.filter(({ golden }) => golden))(
    'is what was reviewed: $name',
    async ({ name, chart, values }) => {
      const file = join(GOLDEN, `${name.replace(/[^a-z0-9]+/gi, '-')}.yaml`);
      const text = withoutSecrets(
        await runHelm(helms[0], ['template', 'shop', chart, '-n', 'trade', ...flagsFor(values)]),
      );
      if (UPDATE) {
        await mkdir(GOLDEN, { recursive: true });
        await writeFile(file, text);
      }
      expect(text).toBe(await readFile(file, 'utf8'));
    },
  );
});

/** What is made up anew with every render. */
function withoutSecrets(text) {
  return text.replace(/^( +(?:password|ca\.crt|tls\.crt|tls\.key)): [A-Za-z0-9+/=]+$/gm, '$1: made-up');
}
