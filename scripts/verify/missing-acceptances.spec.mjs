import { beforeEach, describe, expect, test } from '@jest/globals';
import { judged } from './testing/judged.mjs';
import { LogBook } from './testing/log-book.mjs';

// The line of an acceptance is missing, and others show that there was one.

/** @type {LogBook} */
let book;
beforeEach(() => {
  book = new LogBook();
  for (let index = 0; index < 4; index += 1) book.healthy(`ok-${index}`);
});

const found = async () => (await judged(book.files)).found;

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
