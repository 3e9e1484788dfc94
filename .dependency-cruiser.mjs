// Who may import whom: docs/architecture.md has the picture; scripts/test/import-rules.spec.mjs breaks every rule once.

const PACKAGES = '^packages/([^/]+)/';
const SERVICES = '^(order|inventory)/';
const TEST_CODE =
  '\\.(spec|int-spec|e2e-spec)\\.ts$|^(packages/[^/]+|order|inventory)/(test|test-support|examples|bench)/';

/** What a package shows to others: the targets of `exports` in its package.json. */
const DOORS = [
  '^packages/[^/]+/src/(config/)?index\\.ts$',
  '^packages/service/test-support/service-process\\.ts$',
];

/** Production code of `from` may reach other workspace packages only if they are in `to`. */
const mayReach = (from, ...to) => ({
  name: `${from}-reaches`,
  severity: 'error',
  comment: `production code of packages/${from} may import of ours only: ${to.join(', ') || 'nothing'}`,
  from: { path: `^packages/${from}/`, pathNot: TEST_CODE },
  to: { path: '^packages/', pathNot: [`^packages/${from}/`, ...to.map((name) => `^packages/${name}/`)] },
});

export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'modules that import each other in a circle can neither be read nor loaded in order',
      from: {},
      to: { circular: true },
    },
    {
      name: 'unresolvable',
      severity: 'error',
      comment: 'the import leads nowhere',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'nothing-imports-a-service',
      severity: 'error',
      comment: 'services meet only through events',
      from: { pathNot: SERVICES },
      to: { path: SERVICES },
    },
    {
      name: 'services-do-not-import-each-other',
      severity: 'error',
      comment: 'services meet only through events',
      from: { path: SERVICES },
      to: { path: SERVICES, pathNot: '^$1/' },
    },
    {
      name: 'core-stands-alone',
      severity: 'error',
      comment: 'production code of packages/core imports nothing outside itself: no package, no Node module',
      from: { path: '^packages/core/', pathNot: TEST_CODE },
      to: { pathNot: '^packages/core/' },
    },
    mayReach('contracts'),
    mayReach('redis', 'core'),
    mayReach('nestjs', 'core'),
    mayReach('service', 'core', 'contracts', 'nestjs'),
    mayReach('testing', 'core'),
    {
      name: 'no-deep-import-between-packages',
      severity: 'error',
      comment: 'another package is reached by its name, that is through what its package.json exports',
      from: { path: PACKAGES },
      to: { path: '^packages/[^/]+/', pathNot: ['^packages/$1/', ...DOORS] },
    },
    {
      name: 'no-deep-import-from-outside',
      severity: 'error',
      comment: 'a package is reached by its name, that is through what its package.json exports',
      from: { pathNot: '^packages/' },
      to: { path: '^packages/[^/]+/', pathNot: DOORS },
    },
    {
      name: 'adapters-only-in-the-composition-root',
      severity: 'error',
      comment: 'a service names a concrete adapter in app.module.ts only',
      from: { path: SERVICES, pathNot: [TEST_CODE, '^(order|inventory)/src/app\\.module\\.ts$'] },
      to: { path: '^packages/redis/' },
    },
    {
      name: 'read-before-the-tracer',
      severity: 'error',
      comment:
        'main.ts reads the configuration before the tracer is loaded: that must not load what is traced',
      from: { path: '^(packages/service|order|inventory)/src/(config/|main\\.ts$)', pathNot: TEST_CODE },
      to: {
        dynamic: false,
        dependencyTypesNot: ['core', 'type-only'],
        pathNot: ['/src/config/', '^packages/contracts/', '^packages/nestjs/src/tracing/', '/zod/'],
      },
    },
    {
      name: 'test-code-stays-in-tests',
      severity: 'error',
      comment: 'production code must not import packages/testing nor a test',
      from: { path: '^(packages|order|inventory)/', pathNot: [TEST_CODE, '^packages/testing/'] },
      to: { path: `^packages/testing/|${TEST_CODE}` },
    },
    {
      name: 'scripts-judge-from-outside',
      severity: 'error',
      comment:
        'what starts, loads, tests or judges the whole system must not share its code; the pods of the campaign are ' +
        'themselves what is judged',
      from: { path: '^(scripts|test)/', pathNot: '^scripts/(test|chaos/pod)/' },
      to: { path: '^(packages|order|inventory)/' },
    },
    {
      name: 'the-verifier-stands-alone',
      severity: 'error',
      comment: 'who judges imports nothing of what it judges, and no package either: Node.js alone',
      from: { path: '^scripts/verify/', pathNot: '[.-]spec\\.mjs$' },
      to: { pathNot: '^scripts/verify/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'declared-dependencies-only',
      severity: 'error',
      comment: "a package's production code imports only what its own package.json declares",
      from: { path: '^(packages|order|inventory)/', pathNot: TEST_CODE },
      // A peer dependency may well be a development dependency too.
      to: {
        dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'],
        dependencyTypesNot: ['npm', 'npm-peer', 'npm-optional'],
      },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.imports.json' },
    // Also imports that exist only as types: a layer is a layer for the reader too.
    tsPreCompilationDeps: true,
    // All of ours are ES modules, so a function may well be called require.
    moduleSystems: ['es6', 'tsd'],
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
