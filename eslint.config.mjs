import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const tests = [
  '**/*.spec.ts',
  '**/*.int-spec.ts',
  '**/*.e2e-spec.ts',
  '**/test/**/*.ts',
  '**/test-support/**/*.ts',
  'packages/testing/**/*.ts',
];

// What may be passed in as a port must not be read in passing: that is what lets core run under a fake clock.
const ambient = (object, property, instead) => ({
  selector: `MemberExpression[object.name='${object}'][property.name='${property}']`,
  message: `${object}.${property} is ambient: take ${instead} as a parameter.`,
});

// Beyond that, an object reads better. Constructors are exempt: Nest injects by position.
const tooManyParameters = [
  'FunctionDeclaration[params.length>4]',
  'MethodDefinition[kind!="constructor"] > FunctionExpression[params.length>4]',
].map((selector) => ({ selector, message: 'Too many parameters: pass an object.' }));

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', '.tools/', 'coverage/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  { rules: { 'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }] } },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        Object.getOwnPropertyNames(globalThis)
          .filter((name) => !(name in Object.prototype))
          .map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // An escape hatch carries its reason: `-- why` after the directive.
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Arrow shorthand `() => void f()` and `() => emit()` is how callbacks are written here.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // A Nest module is a class with nothing but a decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // `async` keeps a port's promise of a promise, also where an implementation has nothing to await.
      '@typescript-eslint/require-await': 'off',
      // A type parameter that only names the caller's expectation, as in `parse<T>(...)`, is read often enough.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...tooManyParameters],
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  // What is published says what it returns; in the services, and in what they share, inference may speak.
  {
    files: ['packages/*/src/**/*.ts'],
    ignores: ['packages/service/**'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'error' },
  },
  {
    files: ['packages/core/src/**/*.ts'],
    // The two files in which core reads the real clock and the real dice, for those who pass nothing else in.
    ignores: [...tests, 'packages/core/src/ports/clock.ts', 'packages/core/src/ports/random.ts'],
    rules: {
      'no-restricted-globals': ['error', 'process', 'Buffer', 'setInterval', 'setTimeout', 'performance'],
      'no-restricted-syntax': [
        'error',
        ...tooManyParameters,
        ambient('Date', 'now', 'a Clock'),
        ambient('Math', 'random', 'a random source'),
        ambient('crypto', 'randomUUID', 'an id source'),
        {
          selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
          message: 'Take a Clock as a parameter.',
        },
      ],
    },
  },
  {
    // Datadog's client declares its models as classes and, like its own examples, is given literals of their shape.
    files: ['k8s/datadog/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
    },
  },
  {
    files: tests,
    rules: {
      '@typescript-eslint/max-params': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      // Fakes and spies: `expect(port.claim)` hands over a method without calling it.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
