import { beforeEach, describe, expect, test } from '@jest/globals';
import { judged } from './testing/judged.mjs';
import { LogBook } from './testing/log-book.mjs';

// Requests whose answer was lost: accepted or not, and nobody was promised anything.

/** @type {LogBook} */
let book;
beforeEach(() => {
  book = new LogBook();
  for (let index = 0; index < 4; index += 1) book.healthy(`ok-${index}`);
});

const accepted = JSON.stringify({ orderId: 'x', accepted: 'unknown' });
const found = async (write = {}) => (await judged(book.files, { write: { accepted, ...write } })).found;

test('of which no pod heard is nobody’s loss', async () => {
  expect(await found()).toEqual({});
});

describe('which pods heard, and none settled', () => {
  beforeEach(() => {
    for (const pod of ['inventory-1', 'inventory-2', 'inventory-3'])
      book.inventory(pod, 'message.received', 'x');
  });

  test('is unproven', async () => {
    expect(await found()).toEqual({ unproven: 1 });
  });

  test('is undone if a loss of data is declared right after it was heard, not if one is declared later', async () => {
    const loss = (at) => ({ faults: JSON.stringify({ at, kind: 'fail-over', losesData: true }) });
    expect(await found(loss(book.later(100).nowIso))).toEqual({});
    expect(await found(loss(book.later(60_000).nowIso))).toEqual({ unproven: 1 });
  });

  test('is proved by its result', async () => {
    book.result('x:inventory:0');
    expect(await found()).toEqual({});
  });
});
