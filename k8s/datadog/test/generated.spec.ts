import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { textsIn } from './support/generated.ts';
import { runNode } from './support/run-node.ts';

it('what is committed is what the sources make; if not: make datadog', () => {
  const made = mkdtempSync(join(tmpdir(), 'onlyonce-datadog-'));
  try {
    runNode('src/generate.ts', { args: [made] });
    expect(textsIn()).toEqual(textsIn(made));
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}, 60_000);
