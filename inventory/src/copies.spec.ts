import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

// Services do not import each other, and two uses do not make a package yet: what both need is copied once. At the
// third use it moves to packages/nestjs; until then this test keeps the copies from drifting apart.
const COPIED = [
  'answered.ts',
  'connection-log.ts',
  'hold-before-commit.ts',
  'identity.ts',
  '../test/support/service.ts',
];
const OWN = ['order-config.ts', 'inventory-config.ts', 'print-settings.ts'];

const here = new URL('./', import.meta.url);
const there = new URL('../../order/src/', import.meta.url);
const sources = (folder: string): string[] =>
  readdirSync(new URL(folder, there)).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !OWN.includes(file),
  );

describe('what both services need', () => {
  it.each([
    ...COPIED,
    ...['http/', 'config/'].flatMap((folder) => sources(folder).map((file) => folder + file)),
  ])('is the same in both: %s', (file) => {
    expect(readFileSync(new URL(file, here), 'utf8')).toBe(readFileSync(new URL(file, there), 'utf8'));
  });
});
