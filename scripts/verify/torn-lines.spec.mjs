import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { readableFields } from './lines/salvage.mjs';
import { gatherEvidence } from './reconcile/evidence.mjs';
import { IdDigest } from './reconcile/id-digest.mjs';
import { judged } from './testing/judged.mjs';
import { LogBook } from './testing/log-book.mjs';

// What is left of lines that are torn, and what it takes to keep it. Lines torn in plain files are in broken-lines.spec.mjs.

/** @type {LogBook} */
let book;
beforeEach(() => {
  book = new LogBook();
  for (let index = 0; index < 10; index += 1) book.healthy(`ok-${index}`);
});

const found = async (files = book.files) => (await judged(files)).found;
const lineWith = (pod, ...parts) =>
  book.pods.get(pod)?.find((text) => parts.every((part) => text.includes(part))) ?? '';
const inJsonFile = (line) => JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: 'x' });
const wrapped = () => book.files.map((text) => text.trim().split('\n').map(inJsonFile).join('\n'));

describe('inside what the json-file driver writes', () => {
  const HALF = '{"level":"info","time":"2026-11-21T02:34:00.500Z","service":"inventory","env":"test","vers';

  test('a second effect behind half a line is found', async () => {
    const claim = book.healthy('x');
    const second = book.later(50).processed('inventory-1', 'x', claim);
    book.pods.get('inventory-1')?.pop();
    book.raw('inventory-1', `${HALF}${second}`);
    expect(await found(wrapped())).toEqual({ duplicated: 1 });
  });

  test('two lines without an end between them are two', async () => {
    const lines = book.pods.get('inventory-1') ?? [];
    lines.splice(-2, 2, lines.slice(-2).join(''));
    const { certificate } = await judged(wrapped());
    expect(certificate.groups[0]).toMatchObject({ processed: 10 });
  });

  test('what it wrote is torn: a whole one behind it counts, half an effect is not passed over', async () => {
    const claim = book.healthy('x');
    const second = inJsonFile(book.later(50).processed('inventory-1', 'x', claim));
    book.pods.get('inventory-1')?.pop();
    const half = inJsonFile(lineWith('inventory-1', 'message.received', 'ok-1"')).slice(0, 90);
    const [first, ...others] = wrapped();
    expect(await found([`${first}\n${half}${second}`, ...others])).toEqual({ duplicated: 1 });
    expect(await found([`${first}\n${second.slice(0, 260)}`, ...others])).toEqual({ unproven: 1 });
  });
});

describe('the second half of a line', () => {
  const effect = () => lineWith('inventory-1', 'message.processed', 'ok-3"');
  const from = (line, part) => line.slice(line.indexOf(part) - 3);

  test.each(['service', 'event', 'messageId'])(
    'of a known effect, cut before %s, says nothing new',
    async (part) => {
      book.raw('inventory-1', from(effect(), part));
      expect(await found()).toEqual({});
    },
  );

  test.each(['service', 'event', 'messageId'])(
    'of another effect, cut before %s, is not passed over',
    async (part) => {
      book.raw('inventory-1', from(effect().replace('"durationMs":3', '"durationMs":4'), part));
      expect(await found()).toEqual({ unproven: 1 });
    },
  );

  test('that holds an object is one, too', async () => {
    const other = effect().replace('"durationMs":3', '"durationMs":4,"dd":{"trace_id":"1"}');
    book.raw('inventory-1', from(other, 'service'));
    expect(await found()).toEqual({ unproven: 1 });
  });

  test('is not what a text quotes, whichever field comes first', async () => {
    const other = effect().replace('"durationMs":3', '"durationMs":4').replace('{"level":"info",', '{');
    book.raw('inventory-1', `could not ship: {"batch":[${other}]}`);
    expect(await found()).toEqual({});
  });
});

test('an acceptance cut off before its channel is one', async () => {
  const line = lineWith('order-1', 'order.accepted', 'ok-4"');
  const cut = line.slice(0, line.indexOf(',"channel"'));
  expect(await found(book.files.map((text) => text.replace(line, cut)))).toEqual({});
  // Of a message that nobody heard of, on the channel where orders go.
  book.raw('order-1', cut.replace('ok-4', 'never'));
  expect(await found()).toEqual({ lost: 1 });
});

test('objects in objects without end are not looked through', async () => {
  book.raw('inventory-1', `${'{"id":1,"attributes":'.repeat(20_000)}{}${'}'.repeat(20_000)}`);
  expect(await found()).toEqual({});
});

describe('memory', () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc');
  const heapMb = () => {
    collectGarbage();
    return process.memoryUsage().heapUsed / 2 ** 20;
  };
  /** A line as it is read: a piece of a chunk. */
  const inChunk = (line) =>
    Buffer.from(`${line}\n${'x'.repeat(65_000)}`)
      .toString()
      .split('\n');

  test('what is read of a broken line keeps nothing else', () => {
    const before = heapMb();
    const kept = Array.from({ length: 1_000 }, (_, index) =>
      readableFields(
        inChunk(lineWith('inventory-1', 'lock.won').replace('ok-0', `x-${index}`).slice(0, -10))[0],
      ),
    );
    expect(heapMb() - before).toBeLessThan(20);
    expect(kept).toHaveLength(1_000);
  });

  test('nor does a line that shows a violation', async () => {
    const line = lineWith('inventory-1', 'lock.won', 'ok-0"');
    const findings = Array.from({ length: 1_000 }, (_, index) => ({
      ...{ kind: 'lost', digest: new IdDigest().of(`ok-${index}`).text, id: undefined },
      ...{ channel: undefined, group: undefined, detail: '', lines: [] },
    }));
    const open = async function* () {
      for (let index = 0; index < 1_000; index += 1)
        yield Buffer.from(`\n${line.replace('ok-0', `ok-${index}`)}\n${'x'.repeat(65_000)}\n`);
    };
    const before = heapMb();
    await gatherEvidence(findings, [{ name: 'x', open }]);
    expect(heapMb() - before).toBeLessThan(20);
    expect(findings.every(({ lines }) => lines.length === 1)).toBe(true);
  });

  test('of half lines about one message some are kept, and that there were more is told', async () => {
    const effect = lineWith('inventory-1', 'message.processed', 'ok-3"');
    for (let index = 0; index < 2_000; index += 1)
      book.raw(
        'inventory-1',
        effect.replace(/"time":"[^"]*"/, `"time":"2026-11-21T03:00:00.${index}Z"`).slice(0, 190),
      );
    const { told } = await judged(book.files);
    expect(told).toHaveLength(101);
    expect(told.at(-1)).toMatchObject({
      kind: 'unproven',
      detail: expect.stringContaining('1900 more broken lines'),
    });
  });
});
