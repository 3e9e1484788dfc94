import { beforeEach, describe, expect, test } from '@jest/globals';
import { judged } from './testing/judged.mjs';
import { LogBook } from './testing/log-book.mjs';

// Half a line says that a message that had ended was sent back, or won anew.

/** @type {LogBook} */
let book;
beforeEach(() => {
  book = new LogBook();
  for (let index = 0; index < 4; index += 1) book.healthy(`ok-${index}`);
  book.accepted('x');
});

const found = async () => {
  const { found: one } = await judged(book.files);
  const reversed = book.files.map((text) => text.trim().split('\n').reverse().join('\n'));
  expect((await judged(reversed)).found).toEqual(one);
  return one;
};
/** Only the first half of the last line of this pod is left, or stands beside it. */
const tear = (pod, { keep = false, at = '"' } = {}) => {
  const lines = book.pods.get(pod) ?? [];
  const line = (keep ? lines.at(-1) : lines.pop()) ?? '';
  lines.push(line.slice(0, line.lastIndexOf(at)));
};
const dies = (attempt = 3) => book.dead('inventory-1', 'x', book.won('inventory-1', 'x', { attempt }));

describe('sent back', () => {
  beforeEach(() => {
    dies();
    book.redriven('inventory-2', 'x');
  });

  test('a dead letter is unproven', async () => {
    tear('inventory-2');
    expect(await found()).toEqual({ unproven: 1 });
  });

  test('and settled then is settled', async () => {
    tear('inventory-2');
    book.processed('inventory-3', 'x', book.won('inventory-3', 'x'));
    expect(await found()).toEqual({});
  });

  test.each([true, false])('and dead again is dead, be the whole line there (%s) or not', async (keep) => {
    tear('inventory-2', { keep });
    book.dead('inventory-1', 'x', book.won('inventory-1', 'x'));
    expect(await found()).toEqual({});
  });

  test('twice, by half lines, and dead again once is unproven', async () => {
    tear('inventory-2');
    book.dead('inventory-1', 'x', book.won('inventory-1', 'x', { attempt: 1 }));
    expect(await found()).toEqual({});
    book.redriven('inventory-3', 'x');
    tear('inventory-3');
    expect(await found()).toEqual({ unproven: 1 });
  });
});

describe('won', () => {
  test('under a newer token than the one that settled it, or let it die, is unproven', async () => {
    const claim = book.won('inventory-1', 'x');
    book.won('inventory-2', 'x', { attempt: 2 });
    tear('inventory-2', { at: '}' });
    book.processed('inventory-1', 'x', claim);
    expect(await found()).toEqual({ unproven: 1 });
    book.accepted('y');
    book.dead('inventory-1', 'y', book.won('inventory-1', 'y', { attempt: 3 }));
    book.won('inventory-3', 'y');
    tear('inventory-3', { at: '}' });
    expect(await found()).toEqual({ unproven: 2 });
  });

  test('under an older one, or that of its settlement, is nothing new; nor is the half of a line that is told', async () => {
    book.won('inventory-2', 'x');
    tear('inventory-2', { at: '}' });
    const claim = book.takesOver('inventory-1', 'x', { from: 'inventory-2', attempt: 2 });
    tear('inventory-1', { keep: true, at: '}' });
    book.processed('inventory-1', 'x', claim);
    expect(await found()).toEqual({});
    book.won('inventory-3', 'x', { attempt: 3 });
    tear('inventory-3', { keep: true, at: '}' });
    expect(await found()).toEqual({ 'stale-token': 1 });
  });
});
