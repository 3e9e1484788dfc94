// Three kinds of test, told apart by file name, see docs/testing.md:
//   *.spec.ts      unit: pure, milliseconds        *.int-spec.ts  an adapter against a real Redis
//   *.e2e-spec.ts  built services as real processes
// Run them by `make test-unit`, `test-int`, `test-e2e`, or one file by `scripts/test/jest.sh <path>`.

// Workspace packages are taken from their sources, so that a test never sees a stale build.
const sources = {
  '^@onlyonce/(core|contracts|redis|nestjs|service|testing)$': '<rootDir>/packages/$1/src/index.ts',
  '^@onlyonce/service/config$': '<rootDir>/packages/service/src/config/index.ts',
  '^@onlyonce/service/test-support$': '<rootDir>/packages/service/test-support/service-process.ts',
  '^@onlyonce/testing/conformance$': '<rootDir>/packages/testing/src/conformance/index.ts',
  '^(\\.{1,2}/.*)\\.js$': '$1',
};

const swc = {
  jsc: {
    target: 'es2024',
    parser: { syntax: 'typescript', decorators: true },
    // The same reading of decorators and of `import type` as tsconfig.base.json.
    transform: { legacyDecorator: true, decoratorMetadata: true, verbatimModuleSyntax: true },
    keepClassNames: true,
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

const kind = (name, ending, settings) => ({
  displayName: name,
  rootDir: import.meta.dirname,
  roots: [
    '<rootDir>/packages',
    '<rootDir>/order',
    '<rootDir>/inventory',
    '<rootDir>/scripts',
    '<rootDir>/bench',
    '<rootDir>/helm',
    '<rootDir>/k8s',
    '<rootDir>/test',
  ],
  testMatch: [`**/*.${ending}.{ts,mjs}`],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  testEnvironment: '<rootDir>/scripts/test/leak-checking-environment.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: sources,
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  restoreMocks: true,
  ...settings,
});

export default {
  projects: [
    kind('unit', 'spec'),
    kind('int', 'int-spec', { setupFilesAfterEnv: ['<rootDir>/scripts/test/timeout-int.mjs'] }),
    kind('e2e', 'e2e-spec', { setupFilesAfterEnv: ['<rootDir>/scripts/test/timeout-e2e.mjs'] }),
  ],
};
