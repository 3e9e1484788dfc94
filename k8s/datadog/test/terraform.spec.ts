import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from '@cdktn/hcl2json';
import { committed, texts } from './support/generated.ts';

const module = fileURLToPath(new URL('../terraform/', import.meta.url));
const files = globSync('*.tf', { cwd: module }).toSorted();

type Block = Record<string, unknown>;
type Parsed = Record<
  'resource' | 'variable' | 'output' | 'locals',
  Record<string, Block | undefined> | undefined
>;
const parsed = new Map<string, Parsed>();
beforeAll(async () => {
  for (const file of files)
    parsed.set(file, (await parse(file, readFileSync(join(module, file), 'utf8'))) as Parsed);
});
const all = (kind: keyof Parsed): Map<string, Block> =>
  new Map(
    [...parsed.values()].flatMap((file) =>
      Object.entries(file[kind] ?? {}).map(([name, block]) => [name, block ?? {}]),
    ),
  );

/** The `dynamic` blocks anywhere below, by name. */
function dynamics(block: unknown, found = new Map<string, string>()): Map<string, string> {
  if (Array.isArray(block)) for (const each of block) dynamics(each, found);
  else if (typeof block === 'object' && block !== null)
    for (const [key, value] of Object.entries(block)) {
      if (key === 'dynamic')
        for (const [name, each] of Object.entries(value as Block)) found.set(name, JSON.stringify(each));
      dynamics(value, found);
    }
  return found;
}

describe('the Terraform module', () => {
  it('has the resources for all that has one', () => {
    expect([...all('resource').keys()].toSorted()).toEqual([
      'datadog_dashboard_json',
      'datadog_logs_custom_pipeline',
      'datadog_logs_metric',
      'datadog_monitor_json',
    ]);
  });

  it('reads the files that are generated', () => {
    const sets = [
      ...readFileSync(join(module, 'main.tf'), 'utf8').matchAll(/fileset\(local\.generated, "([^"]+)"\)/g),
    ];
    const patterns = [...sets.map(([, glob = '']) => glob), 'logs/pipeline.json'];
    const generated = join(module, '../generated');
    const taken = patterns.flatMap((glob) => globSync(glob, { cwd: generated }));
    const byHand = ['logs/facets.json', 'logs/saved-views.json', 'agent/annotations.json'];
    expect([...taken, ...byHand].toSorted()).toEqual([...committed().keys()].toSorted());
  });

  it('writes out every kind of processor, and every attribute of it, that the pipeline has', () => {
    const written = dynamics(all('resource').get('datadog_logs_custom_pipeline'));
    const check = (processors: readonly Block[]): void => {
      for (const { type, processors: inner, filter: _, ...attributes } of processors) {
        const block = written.get(String(type).replaceAll('-', '_')) ?? `no block for ${String(type)}`;
        for (const name of Object.keys(attributes)) expect(block).toContain(`"${name}":`);
        expect(block).toContain(`"${String(type)}"`.replaceAll('"', '\\"'));
        if (inner) check(inner as Block[]);
      }
    };
    const { processors } = committed().get('logs/pipeline.json') as { processors: Block[] };
    expect(processors.length).toBeGreaterThan(10);
    check(processors);
  });

  it('writes out what log-based metrics have', () => {
    const block = JSON.stringify(all('resource').get('datadog_logs_metric'));
    const keys = [...committed()]
      .filter(([path]) => path.startsWith('logs/metrics/'))
      .flatMap(([, json]) => [...texts((json as { data: Block }).data)].map(([key]) => key));
    for (const key of keys.filter((each) => each !== 'id' && each !== 'type')) expect(block).toContain(key);
  });

  it('documents its variables and outputs in its README', () => {
    const page = readFileSync(join(module, 'README.md'), 'utf8');
    for (const name of [...all('variable').keys(), ...all('output').keys()])
      expect(page).toContain(`\`${name}\``);
  });
});

const terraform = spawnSync('terraform', ['version', '-json'], { encoding: 'utf8' });
const withTerraform = terraform.status === 0 ? describe : describe.skip;

withTerraform('terraform (skipped where it is not on PATH)', () => {
  let copy: string;
  const run = (...args: string[]) =>
    spawnSync('terraform', args, { cwd: join(copy, 'terraform'), encoding: 'utf8', timeout: 60_000 });
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'onlyonce-terraform-'));
    execFileSync('mkdir', ['-p', copy]);
    cpSync(module, join(copy, 'terraform'), { recursive: true });
    cpSync(join(module, '../generated'), join(copy, 'generated'), { recursive: true });
  });
  afterAll(() => {
    rmSync(copy, { recursive: true, force: true });
  });

  it('finds it formatted', () => {
    expect(run('fmt', '-check', '-diff').stdout).toBe('');
  });

  // Tests download nothing: the provider comes from a folder (terraform providers mirror), if somebody has one.
  const mirror = process.env['TERRAFORM_PLUGIN_DIR'];
  (mirror === undefined ? it.skip : it)('finds it valid (skipped without TERRAFORM_PLUGIN_DIR)', () => {
    const init = run('init', '-backend=false', '-input=false', `-plugin-dir=${mirror ?? ''}`);
    expect([init.status, init.stderr]).toEqual([0, '']);
    expect(JSON.parse(run('validate', '-json').stdout)).toMatchObject({ valid: true, diagnostics: [] });
  });
});
