import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LineReader } from './line-reader.mjs';
import { splitLines } from './split-lines.mjs';
import { compareTokens, tokenOf } from './token.mjs';

const LINE = JSON.stringify({
  level: 'info',
  time: '2026-11-21T02:34:01.365Z',
  service: 'inventory',
  pod: 'inventory-1',
  event: 'message.processed',
  messageId: 'a:"b\\',
  channel: 'order_updates',
  group: 'inventory',
  fencingToken: '12',
  msg: 'x {"level":"info","event":"message.dead"} y',
});

test('no line makes it throw, and every line is one of the kinds', () => {
  const kinds = new Set(['fact', 'broken', 'own', 'foreign', 'blank']);
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constant(LINE),
    fc.json(),
    fc.nat(LINE.length).map((cut) => LINE.slice(cut)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 4 }), (pieces) => {
      const readings = new LineReader().read(pieces.join(''));
      expect(readings.every(({ kind }) => kinds.has(kind))).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('any value in any field makes no line throw', () => {
  const fields = Object.fromEntries(
    Object.keys(JSON.parse(LINE)).map((name) => [name, fc.option(fc.jsonValue())]),
  );
  fc.assert(
    fc.property(fc.record(fields), (line) => {
      const given = { ...line, event: 'message.processed' };
      expect(new LineReader().read(JSON.stringify(given))).toHaveLength(1);
    }),
  );
});

test('cut off anywhere, it is no fact; whole, it is', () => {
  for (let cut = 1; cut < LINE.length; cut += 1) {
    const kinds = new LineReader().read(LINE.slice(0, cut)).map(({ kind }) => kind);
    expect(kinds).not.toContain('fact');
  }
  expect(new LineReader().read(LINE)).toMatchObject([{ kind: 'fact', fact: { id: 'a:"b\\', token: '12' } }]);
});

test('a line without an id, of an event about messages, is broken', () => {
  expect(new LineReader().read('{"level":"info","event":"lock.won","service":"x","pod":"y"}')).toMatchObject([
    { kind: 'broken' },
  ]);
});

test('lines are the same however their bytes are cut', async () => {
  const bytes = Buffer.from('ä\n\n☃☃\r\n𝕏');
  for (let size = 1; size <= bytes.length; size += 1) {
    const lines = [];
    const chunks = (async function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    })();
    for await (const chunk of splitLines(chunks)) lines.push(...chunk.lines);
    expect(lines).toEqual(['ä', '', '☃☃\r', '𝕏']);
  }
});

test('tokens compare as the numbers they are, however long', () => {
  const digits = fc.bigInt({ min: 0n, max: 1n << 80n });
  fc.assert(
    fc.property(digits, digits, (one, other) => {
      const sign = compareTokens(tokenOf(`000${one}`, ''), tokenOf(String(other), ''));
      expect(Math.sign(sign)).toBe(one < other ? -1 : one > other ? 1 : 0);
    }),
  );
});
