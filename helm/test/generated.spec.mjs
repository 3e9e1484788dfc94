import { gunzipSync } from 'node:zlib';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CHARTS, HELM_DIRECTORY } from '../../scripts/helm/charts.mjs';
import { describedValues } from '../../scripts/helm/described-values.mjs';
import { generatedFiles } from '../../scripts/helm/generated.mjs';
import { packedSubcharts } from '../../scripts/helm/pack.mjs';
import { valuesSchema } from '../../scripts/helm/values-schema.mjs';

const read = (path) => readFile(join(HELM_DIRECTORY, path));

describe('what is made from the values.yaml files is fresh (else: make helm-docs)', () => {
  it('schemas and READMEs', async () => {
    for (const [path, text] of await generatedFiles()) {
      expect({ path, text: await read(path).then(String) }).toEqual({ path, text });
    }
  });

  it.each(CHARTS)('the charts within %s', async (chart) => {
    const packed = await packedSubcharts(chart);
    expect(packed.size).toBeGreaterThan(0);
    for (const [path, content] of packed) {
      // Unpacked: another zlib may pack the same differently.
      expect({ path, same: gunzipSync(await read(path)).equals(gunzipSync(content)) }).toEqual({
        path,
        same: true,
      });
    }
  });
});

describe('the values', () => {
  it.each(CHARTS)('of %s all have a comment, and a place in the schema', async (chart) => {
    const values = String(await read(`${chart}/values.yaml`));
    const { properties } = JSON.parse(String(await read(`${chart}/values.schema.json`)));
    for (const { path, meaning, isGroup } of describedValues(values)) {
      if (!isGroup) expect({ path, meaning }).not.toEqual({ path, meaning: '' });
      const keys = path.split('.');
      const inSubchart = chart === 'onlyonce' && ['order', 'inventory', 'redis'].includes(keys[0]);
      if (!inSubchart) {
        const schema = keys.reduce((at, key) => at?.properties?.[key], { properties });
        expect({ path, known: schema !== undefined }).toEqual({ path, known: true });
      }
    }
  });

  it('need a comment: without one the generator names the value', () => {
    expect(() => describedValues('a: 1\n')).toThrow('a has no comment');
  });

  it('need a type where the default does not show it', () => {
    expect(() => valuesSchema({ name: 'x', values: '# Text\na: []\n' })).toThrow('a: say the type of []');
  });
});

describe('the settings of the services', () => {
  /** The table of docs/configuration.md, which is made from the code: variable -> service, default. */
  const documented = async () => {
    const text = await readFile(join(HELM_DIRECTORY, '../docs/configuration.md'), 'utf8');
    return [...text.matchAll(/^\| `([A-Z_]+)` \| (both|order|inventory) \| ([^|]*) \|/gm)].map(
      ([, variable, service, fallback]) => ({ variable, service, fallback: fallback.trim() }),
    );
  };
  const variableOf = (key) => key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  const configOf = async (chart) =>
    describedValues(String(await read(`${chart}/values.yaml`))).filter(({ path }) => /^config\./.test(path));

  /** Values elsewhere than in config. */
  const ELSEWHERE = /^(PORT|POD_NAME|REDIS_.*|LOCK_NODES|DD_.*|DOGSTATSD_ENABLED|API_KEY|ADMIN_API_KEY)$/;

  it.each(['order', 'inventory'])('are all values of %s, and nothing else is', async (chart) => {
    const expected = (await documented())
      .filter(({ variable, service }) => ['both', chart].includes(service) && !ELSEWHERE.test(variable))
      .map(({ variable }) => variable);
    const found = (await configOf(chart)).map(({ path }) => variableOf(path.slice('config.'.length)));
    expect(found.toSorted()).toEqual(expected.toSorted());
  });

  it.each(['order', 'inventory'])(
    'have the defaults of the code in %s, unless said otherwise',
    async (chart) => {
      const defaults = new Map((await documented()).map(({ variable, fallback }) => [variable, fallback]));
      const others = [];
      for (const { path, value, meaning } of await configOf(chart)) {
        const fallback = defaults.get(variableOf(path.slice('config.'.length)));
        const own =
          new RegExp(`${chart}: \`([^\`]*)\``).exec(fallback)?.[1] ?? /^`([^`]*)`$/.exec(fallback)?.[1] ?? '';
        if (String(value) !== own) others.push({ path, said: /default is/.test(meaning) });
      }
      expect(others).toEqual([{ path: 'config.requireDurable', said: true }]);
    },
  );
});

describe('what the charts name of the code', () => {
  it('commands of the ACL users are those of packages/redis/README.md', async () => {
    const readme = await readFile(join(HELM_DIRECTORY, '../packages/redis/README.md'), 'utf8');
    const rights = (/^~\{shop\}[\s\S]*?(?=\n```)/m.exec(readme)?.[0] ?? '').match(/\+\S+/g) ?? [];
    const template = String(await read('redis/templates/_helpers.tpl'));
    const commands = /define "redis\.serviceCommands" -\}\}([\s\S]*?)\{\{- end -\}\}/
      .exec(template)?.[1]
      .match(/\+[a-z|]+/g);
    expect(rights.length).toBeGreaterThan(40);
    // From Redis 7.2 on; the README says so below its list, and the chart leaves it out for 7.0.
    expect(commands.filter((each) => each !== '+client|setinfo').toSorted()).toEqual(rights.toSorted());
  });

  it('metrics are those that the services have', async () => {
    const template =
      String(await read('common/templates/_monitoring.tpl')) +
      String(await read('common/templates/_autoscaling.tpl'));
    const named = new Set(template.match(/onlyonce_[a-z_]+/g));
    const source = await readFile(
      join(HELM_DIRECTORY, '../packages/nestjs/src/observability/metric-definitions.ts'),
      'utf8',
    );
    expect(named.size).toBeGreaterThan(4);
    for (const name of named) expect(source).toContain(name);
  });
});
