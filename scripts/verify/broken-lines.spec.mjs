import { gzipSync } from 'node:zlib';
import { beforeEach, expect, test } from '@jest/globals';
import { judged } from './testing/judged.mjs';
import { LogBook } from './testing/log-book.mjs';

/** @type {LogBook} */
let book;
beforeEach(() => {
  book = new LogBook();
  for (let index = 0; index < 10; index += 1) book.healthy(`ok-${index}`);
});

const changed = async (change, how) => judged(book.files.map(change), how);
const lineWith = (...parts) => {
  for (const lines of book.pods.values()) {
    const line = lines.find((text) => parts.every((part) => text.includes(part)));
    if (line !== undefined) return line;
  }
  throw new Error(`no line with ${parts.join(', ')}`);
};

test('lines of others and of ours without an event are counted and ignored', async () => {
  const noise = ['Starting up', '{"hello":1}', '[1,2]', 'null', '42', '"text"', '{}', '   '];
  book.line('inventory-1', undefined, { context: 'NestFactory', msg: 'Starting' });
  book.line('inventory-1', 'engine.resubscribed', { channel: 'order_updates', group: 'inventory' });
  const { found, certificate } = await changed((text) => `${noise.join('\n')}\n${text}`);
  expect(found).toEqual({});
  expect(certificate.lines).toMatchObject({ foreign: 7 * book.files.length, own: 2, broken: 0 });
});

test('Windows line ends, empty lines, a byte order mark and a last line without an end do no harm', async () => {
  const { found, certificate } = await changed(
    (text) => `\uFEFF${text.replaceAll('\n', '\r\n\r\n').trimEnd()}`,
  );
  expect(found).toEqual({});
  expect(certificate.lines).toMatchObject({ broken: 0, foreign: 0 });
});

test('binary garbage and a line of megabytes are foreign', async () => {
  const garbage = Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7_919) % 256));
  const files = book.files.map((text) =>
    Buffer.concat([garbage, Buffer.from(`\n${'x'.repeat(3_000_000)}\n`), Buffer.from(text), garbage]),
  );
  const { found, certificate } = await judged(files, { chunkBytes: 1_000 });
  expect(found).toEqual({});
  expect(certificate.lines.foreign).toBeGreaterThan(2);
});

test.each([
  ['docker compose', (line) => `onlyonce-inventory-1  | ${line}`],
  ['docker compose in colours', (line) => `\u001b[36minventory-2  | \u001b[0m${line}`],
  ['docker compose 2.26, which clears each line', (line) => `\u001b[2K${line}`],
  ['docker compose 2.26 with names', (line) => `\u001b[2K\rinventory-1  | ${line}`],
  ['docker compose -t', (line) => `inventory-1  | 2026-11-21T02:34:01.123456789Z ${line}`],
  ['kubectl --prefix', (line) => `[pod/inventory-5d9f7b-x2x/inventory] ${line}`],
  ['kubectl --timestamps', (line) => `2026-11-21T02:34:01.123456789Z ${line}`],
  ['a container runtime', (line) => `2026-11-21T02:34:01.123456789+00:00 stdout F ${line}`],
  ['the json-file driver', (line) => JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: 'x' })],
])('the prefixes of %s are understood', async (_, prefixed) => {
  const { found, certificate } = await changed((text) => text.trim().split('\n').map(prefixed).join('\n'));
  expect(found).toEqual({});
  expect(certificate.groups[0]).toMatchObject({ accepted: 10, processed: 10 });
});

test('a text that quotes one of our lines is no evidence', async () => {
  const effect = lineWith('message.processed', 'ok-3"', 'inventory');
  const quoted = effect.replace('"durationMs":3', '"durationMs":4');
  const { found } = await changed((text) => `${text}could not ship: ${quoted}\n`);
  expect(found).toEqual({});
});

test('JSON inside a message, and fields of ours inside other fields, are no evidence', async () => {
  const effect = JSON.parse(lineWith('message.processed', 'ok-3"', 'inventory'));
  const forged = { ...effect, durationMs: 99 };
  book.line('inventory-1', undefined, { msg: JSON.stringify(forged), dd: forged, err: { log: forged } });
  expect((await judged(book.files)).found).toEqual({});
});

test('a line with nested dd ids counts once', async () => {
  const { found, certificate } = await changed((text) =>
    text.replaceAll('"outcome"', '"dd":{"trace_id":"1","span_id":"2","event":"message.dead"},"outcome"'),
  );
  expect(found).toEqual({});
  expect(certificate.groups[0]).toMatchObject({ processed: 10 });
});

test('the same lines delivered twice are counted, and are no second effect', async () => {
  const { found, certificate } = await changed((text) => text + text);
  expect(found).toEqual({});
  expect(certificate.lines.repeatedEffects).toBe(20);
});

test('the same lines delivered by two ways, in two files, are no second effect', async () => {
  expect((await judged([...book.files, book.files.join('')])).found).toEqual({});
});

test('rotated files in the wrong order are one history', async () => {
  const parts = book.files.flatMap((text) => {
    const lines = text.split('\n');
    const half = Math.floor(lines.length / 2);
    return [lines.slice(half).join('\n'), lines.slice(0, half).join('\n')];
  });
  expect((await judged(parts)).found).toEqual({});
  expect((await judged([parts.join('\n')])).found).toEqual({});
});

test('an effect whose line is cut off is unproven, and the half line is shown', async () => {
  book.pods
    .get('order-1')
    ?.splice(0, Infinity, ...(book.pods.get('order-1') ?? []).filter((line) => !line.includes('ok-3:')));
  const effect = lineWith('message.processed', 'ok-3"');
  const { found, told, certificate } = await changed((text) => text.replace(effect, effect.slice(0, 190)));
  expect(found).toEqual({ unproven: 1 });
  expect(told[0]?.lines).toContain(effect.slice(0, 190));
  expect(certificate.lines.broken).toBe(1);
});

test('half a line that speaks of a second effect is not passed over', async () => {
  const effect = lineWith('message.processed', 'ok-3"');
  book.raw('inventory-1', effect.replace('02:34:00', '02:34:59').slice(0, 190));
  expect((await judged(book.files)).found).toEqual({ unproven: 1 });
});

test('half of a line that came whole as well says nothing new', async () => {
  const effect = lineWith('message.processed', 'ok-3"');
  book.raw('inventory-1', effect.slice(0, 190));
  expect((await judged(book.files)).found).toEqual({});
});

test('a whole line behind the half line of a killed pod counts', async () => {
  const effect = lineWith('message.processed', 'ok-3"');
  const half = lineWith('lock.lost').slice(0, 120);
  const { found, certificate } = await changed((text) => text.replace(effect, `${half}${effect}`));
  expect(found).toEqual({});
  expect(certificate.lines.broken).toBe(1);
});

test('a whole line inside another is found, and the outer one is broken', async () => {
  const effect = lineWith('message.processed', 'ok-3"');
  const outer = lineWith('message.received', 'ok-4"', 'inventory-1');
  const { found, certificate } = await changed((text) =>
    text.replace(outer, `${outer.slice(0, 60)}${effect}${outer.slice(60)}`).replace(`${effect}\n`, ''),
  );
  expect(found).toEqual({});
  expect(certificate.lines.broken).toBe(1);
});

test('two whole lines without a line end between them are two lines', async () => {
  const { found, certificate } = await changed((text) => text.replaceAll('\n', ''));
  expect(found).toEqual({});
  expect(certificate.lines.broken).toBe(0);
});

test('a duplicate that hides behind a half line is found', async () => {
  const claim = JSON.parse(lineWith('lock.won', 'ok-3"'));
  book.later(50);
  const second = book.processed('inventory-1', 'ok-3', { attempt: 1, fencingToken: claim.fencingToken });
  book.pods.get('inventory-1')?.pop();
  book.raw('inventory-1', `{"level":"info","time":"2026-${second}`);
  expect((await judged(book.files)).found).toEqual({ duplicated: 1 });
});

test('tokens as numbers, also beyond 2^53, are read exactly', async () => {
  const { found } = await changed((text) =>
    text.replaceAll(/"fencingToken":"(\d+)"/g, '"fencingToken":$1000'),
  );
  expect(found).toEqual({});
  book.accepted('n');
  book.won('inventory-1', 'n', { token: '9007199254740993' });
  book.won('inventory-2', 'n', { token: '9007199254740995', attempt: 2 });
  book.processed('inventory-1', 'n', { attempt: 1, fencingToken: '9007199254740993' });
  expect(
    (await changed((text) => text.replaceAll(/"fencingToken":"(\d+)"/g, '"fencingToken":$1'))).found,
  ).toEqual({
    'stale-token': 1,
  });
});

test.each([
  ['milliseconds', (ms) => ms],
  ['seconds', (ms) => ms / 1_000],
  ['nanoseconds', (ms) => ms * 1e6],
  ['another zone', (ms) => `"${new Date(ms + 7_200_000).toISOString().replace('Z', '+02:00')}"`],
])('times in %s are read', async (_, written) => {
  const { found, certificate } = await changed((text) =>
    text.replaceAll(/"time":"([^"]+)"/g, (__, time) => `"time":${written(Date.parse(time))}`),
  );
  expect(found).toEqual({});
  expect(certificate.range.from).toMatch(/^2026-11-21T02:34:00\.00/);
});

test('lines without a time or pod are judged all the same', async () => {
  const { found } = await changed((text) => text.replaceAll(/"time":"[^"]+",/g, ''));
  expect(found).toEqual({});
});

test('ids with strange characters are ids', async () => {
  const strange = ['ü-☃-𝕏', 'a"b\\c', '{"x":1}', '__proto__', 'constructor', ' ', 'a\nb', 'x'.repeat(5_000)];
  for (const id of strange) book.healthy(id);
  book.accepted('__proto__ lost');
  const { found, told } = await judged(book.files);
  expect(found).toEqual({ lost: 1 });
  expect(told[0]?.id).toBe('__proto__ lost');
});

test('a packed file that is cut off is read as far as it goes, and told', async () => {
  const { fileSource } = await import('./sources/file-source.mjs');
  const { mkdtempSync, rmSync, writeFileSync } = await import('node:fs');
  const folder = mkdtempSync('/tmp/onlyonce-packed-');
  try {
    const packed = gzipSync(book.files.join(''));
    writeFileSync(`${folder}/a.gz`, packed.subarray(0, packed.length - 30));
    const { mergeSources } = await import('./sources/merge-sources.mjs');
    const tallies = [];
    await mergeSources([fileSource(`${folder}/a.gz`)], {
      fact: () => undefined,
      broken: () => undefined,
      tally: (_, tally) => tallies.push(tally),
    });
    expect(tallies[0]).toMatchObject({ fault: expect.any(String) });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
