import { beforeEach, describe, expect, test } from '@jest/globals';
import { Findings } from './reconcile/findings.mjs';
import { judged } from './testing/judged.mjs';
import { LogBook } from './testing/log-book.mjs';

// What a second hostile review found.

/** @type {LogBook} */
let book;
beforeEach(() => {
  book = new LogBook();
  for (let index = 0; index < 4; index += 1) book.healthy(`ok-${index}`);
});
const found = async (files = book.files, how) => (await judged(files, how)).found;

test('sent back by hand an hour later is not late, whichever log is read first', async () => {
  book.accepted('x');
  book.dead('inventory-1', 'x', book.won('inventory-1', 'x', { attempt: 3 }));
  book.later(3_600_000).redriven('inventory-3', 'x');
  book.processed('inventory-2', 'x', book.won('inventory-2', 'x'));
  expect(await found()).toEqual({});
  expect(await found([book.files.toReversed().join('')])).toEqual({});
  const of = (pod) => `${book.pods.get(pod)?.join('\n')}\n`;
  const orders = ['order-1', 'inventory-2', 'inventory-1', 'inventory-3'];
  expect(await found([orders.map(of).join('')])).toEqual({});
});

describe('in the backlog, as a line of the group shows, though that of its acceptance is missing: stuck if', () => {
  const claim = () => ({ attempt: 1, fencingToken: book.token() });
  test.each([
    ['sent back', () => book.redriven('inventory-2', 'x')],
    ['found', () => book.inventory('inventory-2', 'message.recovered', 'x', { ...claim(), reason: 'found' })],
    ['failed', () => book.inventory('inventory-2', 'message.retry', 'x', { ...claim(), reason: 'X' })],
    [
      'taken over from a pod whose result was refused',
      () => {
        const first = book.won('inventory-1', 'x');
        book.takesOver('inventory-2', 'x', { from: 'inventory-1', attempt: 2 });
        book.inventory('inventory-1', 'message.duplicate', 'x', { ...first, reason: 'stale fencing token' });
        book.later(1).inventory('inventory-2', 'message.released', 'x', {});
      },
    ],
  ])('%s', async (_, happens) => {
    happens();
    expect(await found()).toEqual({ stuck: 1 });
  });
});

test('takeovers that go on after a dead letter are no redrive', async () => {
  book.accepted('x');
  book.dead('inventory-1', 'x', book.won('inventory-1', 'x', { attempt: 2 }));
  let claim;
  for (const attempt of [3, 4, 5])
    claim = book.takesOver('inventory-2', 'x', { from: 'inventory-1', attempt });
  book.processed('inventory-2', 'x', claim);
  expect(await found()).toEqual({ 'dead-and-settled': 1 });
});

test('a dead letter whose settlement is shown by its event is unproven', async () => {
  book.accepted('x');
  book.won('inventory-1', 'x');
  book.result('x:inventory:0');
  book.dead('inventory-2', 'x', book.takesOver('inventory-2', 'x', { from: 'inventory-1', attempt: 2 }));
  expect(await found()).toEqual({ unproven: 1 });
});

test('of a group without logs the results prove what was settled', async () => {
  book.accepted('x');
  const files = [`${book.pods.get('order-1')?.join('\n')}\n`];
  expect(await found(files, { args: ['--group', 'inventory'] })).toEqual({ lost: 1 });
});

test('what the store says of 50,000 open messages is written down in no time', () => {
  const findings = new Findings();
  const where = { channel: 'c', group: 'g', detail: '', open: /** @type {const} */ (true) };
  for (let index = 0; index < 50_000; index += 1)
    findings.add({ kind: 'lost', digest: `${index}`, id: `${index}`, ...where });
  const began = performance.now();
  for (const finding of findings.kept) findings.replace(finding, { kind: 'stuck', detail: 'in the backlog' });
  expect(performance.now() - began).toBeLessThan(2_000);
  expect(findings.count('stuck')).toBe(50_000);
});
