import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CompactTable } from './compact-table.mjs';
import { IdDigest } from './id-digest.mjs';

const digest = new IdDigest();
const entry = fc.record({
  at: fc.double(),
  token: fc.option(fc.oneof(fc.bigInt({ min: 0n, max: 1n << 70n }).map(String)), { nil: undefined }),
  print: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  pod: fc.integer({ min: 0, max: 65_535 }),
  kind: fc.integer({ min: 1, max: 255 }),
});

test('it holds what a map would hold, through growth and overwriting', () => {
  const ids = fc.oneof(fc.uuid(), fc.string(), fc.integer({ min: 0, max: 50 }).map(String));
  fc.assert(
    fc.property(fc.array(fc.tuple(ids, entry), { maxLength: 300 }), (writes) => {
      const table = new CompactTable();
      const model = new Map();
      for (const [id, value] of writes) {
        table.set(digest.of(id), value);
        model.set(id, value);
      }
      expect(table.size).toBe(model.size);
      for (const [id, value] of model) expect(table.get(digest.of(id))).toEqual(value);
      expect([...table.entries()]).toHaveLength(model.size);
      expect(table.has(digest.of('not there, surely'))).toBe(false);
    }),
  );
});

test('a hundred thousand ids that differ in a digit have different digests', () => {
  const seen = new Set();
  for (let index = 0; index < 100_000; index += 1) {
    seen.add(digest.of(`01a1fbd5-6b5f-72f9-82f7-${String(index).padStart(12, '0')}`).text);
    seen.add(digest.of(`order-${index}`).text);
  }
  expect(seen.size).toBe(200_000);
});

test('digests spread evenly, so no part of the table is fuller than others', () => {
  const parts = new Array(256).fill(0);
  for (let index = 0; index < 100_000; index += 1) parts[digest.of(`order-${index}`).a >>> 24] += 1;
  expect(Math.max(...parts)).toBeLessThan(1.3 * (100_000 / 256));
  expect(Math.min(...parts)).toBeGreaterThan(0.7 * (100_000 / 256));
});

test('texts that end in zeros or differ in length only have different digests', () => {
  const texts = ['', '\0', '\0\0', '\0\0\0\0\0\0\0\0', 'a', 'a\0', 'aa', 'ab', 'ba'];
  expect(new Set(texts.map((text) => digest.of(text).text)).size).toBe(texts.length);
});
