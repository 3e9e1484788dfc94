import { beforeEach, expect, test } from '@jest/globals';
import { judged } from './testing/judged.mjs';
import { LogBook } from './testing/log-book.mjs';

/** @type {LogBook} */
let book;
beforeEach(() => {
  book = new LogBook();
  for (let index = 0; index < 4; index += 1) book.healthy(`ok-${index}`);
});

const eventsOf = (lines) => lines.map((line) => JSON.parse(line).event);

test('what shows a violation comes first, however many other lines there are', async () => {
  book.accepted('x');
  for (let index = 0; index < 80; index += 1)
    book.inventory('inventory-1', 'lock.lost', 'x', { reason: 'held by another pod' });
  for (const pod of ['inventory-2', 'inventory-3']) book.processed(pod, 'x', book.won(pod, 'x'));
  const { told } = await judged([book.files.join('')]);
  const events = eventsOf(told[0]?.lines ?? []);
  expect(events).toHaveLength(60);
  expect(events.slice(0, 6)).toEqual([
    'message.processed',
    'message.processed',
    ...['order.accepted', 'lock.won', 'lock.won'],
    'lock.lost',
  ]);
});

test('claims without end leave room for the settlements', async () => {
  book.accepted('x');
  for (let attempt = 1; attempt < 90; attempt += 1) book.won('inventory-1', 'x', { attempt });
  for (const pod of ['inventory-2', 'inventory-3']) book.processed(pod, 'x', book.won(pod, 'x'));
  const { told } = await judged([book.files.join('')]);
  expect(eventsOf(told[0]?.lines ?? []).slice(0, 3)).toEqual([
    ...['message.processed', 'message.processed', 'order.accepted'],
  ]);
});

test('an order that is lost in two groups is named in both', async () => {
  const { told } = await judged(book.files, {
    args: ['--group', 'inventory', '--group', 'billing'],
    write: { accepted: 'never\n' },
  });
  expect(told.filter(({ id }) => id === 'never').map(({ group }) => group)).toEqual(['inventory', 'billing']);
  expect(told.every(({ id }) => id !== null)).toBe(true);
});
