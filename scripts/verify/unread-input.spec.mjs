import { gzipSync } from 'node:zlib';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import { readArguments } from './arguments.mjs';
import { certificateOf } from './report/certificate.mjs';
import { summaryOf } from './report/summary.mjs';
import { openSources } from './sources/open-sources.mjs';
import { judged } from './testing/judged.mjs';
import { LogBook } from './testing/log-book.mjs';
import { verify } from './verify.mjs';

/** @type {LogBook} */
let book;
beforeEach(() => {
  book = new LogBook();
  for (let index = 0; index < 10; index += 1) book.healthy(`ok-${index}`);
});

test('a packed log that is cut off may hide anything behind the cut', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'onlyonce-verify-spec-'));
  try {
    const packed = gzipSync(book.files.join(''));
    writeFileSync(join(folder, 'all.jsonl.gz'), packed);
    writeFileSync(join(folder, 'cut.jsonl.gz'), packed.subarray(0, packed.length / 2));
    const options = readArguments([join(folder, '*.gz')], {});
    const { sources } = openSources(options, { stdin: process.stdin, env: {}, say: () => undefined });
    const verdict = await verify(options, { sources });
    const certificate = certificateOf(verdict, { version: 'test', at: new Date(0), options });
    expect(certificate.violations.told).toMatchObject([
      { kind: 'unproven', detail: expect.stringMatching(/cut\.jsonl\.gz could not be read to its end: .+/) },
    ]);
    expect(summaryOf(certificate)).toMatch(/unread {4}the rest of .*cut\.jsonl\.gz/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a line of the list that names no order may have named one that was lost', async () => {
  const whole = JSON.stringify({ orderId: 'ok-1' });
  expect((await judged(book.files, { write: { accepted: whole } })).found).toEqual({});
  const accepted = [
    whole,
    '{"orderId":"never-1","items":[{"id":"te',
    '{"orderId":42}',
    '{"order_id":"never-2"}',
  ];
  const { told, certificate } = await judged(book.files, { write: { accepted: accepted.join('\n') } });
  expect(told).toMatchObject([{ kind: 'unproven', detail: expect.stringMatching(/^3 lines of the list/) }]);
  expect(summaryOf(certificate)).toContain('unread    3 lines of --accepted');
});

test('a terminal obeys nothing that a log says, in whichever field', async () => {
  const trick = (name) => `\u001b[2J${name}\u202e\u0007`;
  const of = { messageId: trick('id'), channel: trick('channel'), group: trick('group') };
  book.line('order-1', 'order.accepted', { messageId: trick('id'), channel: trick('channel') });
  book.line(trick('pod'), 'lock.won', { ...of, attempt: 1, fencingToken: book.token() });
  book.line('x', 'message.processed', {
    ...of,
    attempt: 1,
    fencingToken: book.token(),
    outcome: trick('no'),
  });
  const write = { accepted: '{"orderId":"ok-1","items":[]}', 'start-stock': '{"tea":1}' };
  const end = JSON.stringify({ [trick('item')]: -1 });
  const { certificate, told } = await judged(book.files, { write: { ...write, 'end-stock': end } });
  expect(told.length).toBeGreaterThan(3);
  const shown = summaryOf({
    ...certificate,
    sources: [{ ...certificate.sources[0], name: trick('file'), fault: trick('fault') }],
  });
  const colours = new RegExp(String.raw`\u001b\[\d+(?:;\d+)*m`, 'g');
  expect(shown.replaceAll(colours, '').replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202e/u);
  expect(shown).toContain('·[2Jid··');
});
