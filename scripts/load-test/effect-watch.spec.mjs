import { beforeEach, expect, test } from '@jest/globals';
import { LogBook } from '../verify/testing/log-book.mjs';
import { EffectWatch } from './effect-watch.mjs';
import { ENDING, Ledger } from './ledger.mjs';
import { RunOrders } from './orders.mjs';

const orders = new RunOrders({ count: 5, items: 2, startedAt: Date.parse('2026-11-21T02:34:00Z'), run: 7 });
let ledger;
let watch;
let book;
beforeEach(() => {
  ledger = new Ledger(5);
  watch = new EffectWatch(orders, ledger, Date.parse('2026-11-21T02:34:00Z'));
  book = new LogBook();
});
const read = () => book.files.flatMap((text) => text.trim().split('\n')).filter((line) => watch.take(line));

test('the settlement of an order of this run is noted, with its time', () => {
  book.processed('inventory-1', orders.id(2), book.won('inventory-1', orders.id(2)));
  book.later(10);
  book.inventory('inventory-1', 'message.rejected', orders.id(3), book.won('inventory-1', orders.id(3)));
  read();
  expect([...ledger.ending]).toEqual([0, 0, ENDING.processed, ENDING.rejected, 0]);
  expect(ledger.effectAt[2]).toBe(2.5);
});

test('the result that the order service processes is no settlement of the order', () => {
  book.result(`${orders.id(1)}:inventory:0`);
  expect(read()).toHaveLength(3);
  expect(ledger.settled).toBe(0);
});

test('of several groups the one counts that was seen first', () => {
  book.processed('inventory-1', orders.id(0), book.won('inventory-1', orders.id(0)));
  const of = { messageId: orders.id(1), channel: 'order_updates', group: 'mail' };
  book.line('mail-1', 'message.processed', { ...of, attempt: 1, fencingToken: book.token() });
  read();
  expect([...ledger.ending]).toEqual([ENDING.processed, 0, 0, 0, 0]);
});

test('kept are lines of this run, and those of no message; others are somebody else’s', () => {
  book.healthy('somebody-else');
  expect(read()).toEqual([]);
  book.line('order-1', 'service.started');
  book.accepted(orders.id(0));
  expect(read()).toHaveLength(2);
});

test('prefixes of compose and kubectl do not hide it', () => {
  const line = book.processed('inventory-1', orders.id(4), book.won('inventory-1', orders.id(4)));
  expect(watch.take(`[pod/inventory-5d9f7b-x2x/inventory] ${line}`)).toBe(true);
  expect(ledger.ending[4]).toBe(ENDING.processed);
});
