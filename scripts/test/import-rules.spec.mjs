import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import config from '../../.dependency-cruiser.mjs';

const ROOT = join(import.meta.dirname, '../..');

// Each file of a small copy of our layout, what it imports, and the rules that this breaks.
const CASES = [
  // allowed
  ['packages/core/src/engine.ts', ['./ports.js'], []],
  ['packages/core/src/engine.spec.ts', ['./engine.js', '@onlyonce/testing', 'node:events'], []],
  ['packages/redis/src/store.ts', ['@onlyonce/core', 'node:fs'], []],
  ['packages/redis/test/store.int-spec.ts', ['@onlyonce/testing'], []],
  ['packages/service/src/edge.ts', ['@onlyonce/nestjs', '@onlyonce/contracts', '@onlyonce/core'], []],
  ['order/src/app.module.ts', ['@onlyonce/redis', '@onlyonce/service', '@onlyonce/core'], []],
  ['inventory/src/main.ts', ['@onlyonce/service/config'], []],
  ['inventory/test/a.e2e-spec.ts', ['@onlyonce/service/test-support'], []],
  // forbidden
  ['packages/core/src/ring-a.ts', ['./ring-b.js'], ['no-cycles']],
  ['packages/core/src/ring-b.ts', ['./ring-a.js'], []], // a cycle is reported once, at its first file
  ['packages/core/src/lost.ts', ['./nowhere.js'], ['core-stands-alone', 'unresolvable']],
  ['packages/core/src/node.ts', ['node:crypto'], ['core-stands-alone']],
  ['packages/core/src/adapter.ts', ['@onlyonce/contracts'], ['core-stands-alone']],
  ['packages/contracts/src/up.ts', ['@onlyonce/core'], ['contracts-reaches']],
  ['packages/redis/src/sideways.ts', ['@onlyonce/nestjs'], ['redis-reaches']],
  ['packages/nestjs/src/sideways.ts', ['@onlyonce/redis'], ['nestjs-reaches']],
  ['packages/nestjs/src/upwards.ts', ['@onlyonce/service'], ['nestjs-reaches']],
  ['packages/service/src/store.ts', ['@onlyonce/redis'], ['service-reaches']],
  ['packages/service/src/up.ts', ['../../../order/src/model.js'], ['nothing-imports-a-service']],
  ['packages/testing/src/sideways.ts', ['@onlyonce/redis'], ['testing-reaches']],
  ['packages/redis/src/deep.ts', ['../../core/src/ports.js'], ['no-deep-import-between-packages']],
  ['packages/redis/src/fixture.ts', ['@onlyonce/testing'], ['redis-reaches', 'test-code-stays-in-tests']],
  ['packages/redis/src/service.ts', ['../../../order/src/model.js'], ['nothing-imports-a-service']],
  ['packages/redis/src/undeclared.ts', ['lodash'], ['declared-dependencies-only']],
  ['packages/redis/src/dev-only.ts', ['dev-only'], ['declared-dependencies-only']],
  ['packages/redis/src/peer.ts', ['peer'], []],
  ['order/src/deep.ts', ['../../packages/core/src/ports.js'], ['no-deep-import-from-outside']],
  ['order/src/bypass.ts', ['../../packages/service/src/http/problem.js'], ['no-deep-import-from-outside']],
  ['packages/service/src/config/logged.ts', ['@onlyonce/nestjs'], ['read-before-the-tracer']],
  ['order/src/main.ts', ['@onlyonce/service'], ['read-before-the-tracer']],
  ['order/src/prober.ts', ['@onlyonce/service/test-support'], ['test-code-stays-in-tests']],
  ['order/src/controller.ts', ['@onlyonce/redis'], ['adapters-only-in-the-composition-root']],
  ['order/src/neighbour.ts', ['../../inventory/src/model.js'], ['services-do-not-import-each-other']],
  [
    'scripts/verify/sums.mjs',
    ['../../packages/contracts/src/index.ts', 'node:fs'],
    ['scripts-judge-from-outside', 'the-verifier-stands-alone'],
  ],
  ['scripts/verify/borrowed.mjs', ['lodash'], ['the-verifier-stands-alone']],
  ['test/e2e/a.e2e-spec.ts', ['../../packages/core/src/index.js'], ['scripts-judge-from-outside']],
  ['scripts/test/service.mjs', ['../../order/src/model.ts'], ['nothing-imports-a-service']],
];
const PACKAGES = ['core', 'contracts', 'redis', 'nestjs', 'service', 'testing'];

let tree;
let found;

beforeAll(async () => {
  // realpath: the tool compares resolved paths, and a temporary folder is often a link (macOS).
  tree = await realpath(await mkdtemp(join(tmpdir(), 'onlyonce-imports-')));
  await copyLayout();
  found = await violationsByFile();
});
afterAll(() => rm(tree, { recursive: true, force: true }));

test.each(CASES)('%s importing %j breaks %j', (file, _imports, rules) => {
  expect([...(found.get(file) ?? [])].sort()).toEqual(rules);
});

test('every rule is broken by a case here', () => {
  const broken = new Set(CASES.flatMap(([, , rules]) => rules));
  expect(config.forbidden.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([]);
});

async function copyLayout() {
  const write = async (file, text) => {
    await mkdir(dirname(join(tree, file)), { recursive: true });
    await writeFile(join(tree, file), text);
  };
  for (const file of ['.dependency-cruiser.mjs', 'tsconfig.imports.json', 'tsconfig.base.json']) {
    await cp(join(ROOT, file), join(tree, file));
  }
  for (const name of ['lodash', 'dev-only', 'peer']) {
    await write(
      `node_modules/${name}/package.json`,
      JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
    );
    await write(`node_modules/${name}/index.js`, '');
  }
  await mkdir(join(tree, 'node_modules/@onlyonce'));
  for (const name of PACKAGES) {
    await write(`packages/${name}/package.json`, packageJson(name));
    await write(`packages/${name}/src/index.ts`, 'export const a = 1;\n');
    await symlink(`../../packages/${name}`, join(tree, 'node_modules/@onlyonce', name));
  }
  for (const name of ['order', 'inventory']) {
    await write(`${name}/package.json`, packageJson(name));
    await write(`${name}/src/model.ts`, 'export const a = 1;\n');
  }
  for (const file of [
    'core/src/ports',
    'service/src/config/index',
    'service/src/http/problem',
    'service/test-support/service-process',
  ])
    await write(`packages/${file}.ts`, 'export const a = 1;\n');
  for (const [file, imports] of CASES)
    await write(file, imports.map((from) => `import '${from}';\n`).join(''));
}

const packageJson = (name) =>
  JSON.stringify({
    name: `@onlyonce/${name}`,
    type: 'module',
    dependencies: Object.fromEntries(PACKAGES.map((other) => [`@onlyonce/${other}`, '*'])),
    peerDependencies: { peer: '*' },
    devDependencies: { 'dev-only': '*', peer: '*' },
  });

/** Rule names by the file that breaks them. */
async function violationsByFile() {
  const cruiser = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const what = [
    '--config',
    '.dependency-cruiser.mjs',
    '--output-type',
    'json',
    'packages',
    'order',
    'inventory',
    'scripts',
    'test',
  ];
  const report = await new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [cruiser, ...what],
      { cwd: tree, env: { PATH: process.env.PATH } },
      (error, stdout, stderr) => {
        if (stdout) resolve(JSON.parse(stdout));
        else reject(new Error(`dependency-cruiser said nothing: ${stderr}`, { cause: error }));
      },
    );
  });
  const byFile = new Map();
  for (const { from, rule } of report.summary.violations) {
    byFile.set(from, (byFile.get(from) ?? new Set()).add(rule.name));
  }
  return byFile;
}
