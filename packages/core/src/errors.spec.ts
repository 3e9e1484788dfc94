import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as core from './index.js';

const documented = new Map(
  [
    ...readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8').matchAll(
      /^\| `([A-Z_]+)`\s+\| `(\w+)`\s+\| (yes|no)/gm,
    ),
  ].map(([, code, name, retryable]) => [name, { code, retryable: retryable === 'yes' }] as const),
);

/** Every exported class that can be thrown, made with arguments that suit all of their constructors. */
const thrown = Object.entries(core).flatMap(([name, value]) => {
  if (typeof value !== 'function' || !(value.prototype instanceof core.OnlyonceError)) return [];
  const constructor = value as unknown as new (first: unknown, second?: unknown) => core.OnlyonceError;
  const first = name === 'GuaranteeTooWeakError' ? ['weak'] : 'text';
  return [[name, new constructor(first)] as const];
});

describe('docs/errors.md', () => {
  it('documents every error, and none that is gone', () => {
    expect([...documented.keys()].sort()).toEqual(thrown.map(([name]) => name).sort());
  });

  it.each(thrown)('says the code of %s and whether it is retryable', (name, error) => {
    expect(documented.get(name)).toEqual({ code: error.code, retryable: error.retryable });
    expect(error.name).toBe(name);
  });
});
