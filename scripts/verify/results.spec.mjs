import { beforeEach, describe, expect, test } from '@jest/globals';
import { judged } from './testing/judged.mjs';
import { LogBook } from './testing/log-book.mjs';

// What the events prove that were committed together with a settlement or a death, and what they do not.

/** @type {LogBook} */
let book;
beforeEach(() => {
  book = new LogBook();
  for (let index = 0; index < 10; index += 1) book.healthy(`ok-${index}`);
});

const goesOn = () => {
  for (let index = 0; index < 40; index += 1)
    book.later(100).healthy(`then-${index}`, { winner: `inventory-${1 + (index % 3)}` });
};
const both = async (args = []) => {
  const reversed = book.files.map((text) => text.trim().split('\n').reverse().join('\n'));
  const results = [];
  for (const files of [book.files, reversed, [...book.files].reverse()])
    results.push((await judged(files, { args })).found);
  expect(new Set(results.map((found) => JSON.stringify(found))).size).toBe(1);
  return results[0];
};

test('a settlement without a line is proved by its event', async () => {
  book.accepted('x');
  book.won('inventory-1', 'x');
  book.result('x:inventory:0');
  goesOn();
  expect(await both()).toEqual({});
});

describe('the event of a death', () => {
  test('proves no settlement of a message that was sent back and won again', async () => {
    book.accepted('x');
    const claim = book.won('inventory-1', 'x', { attempt: 3 });
    book.result(`x:inventory:d${claim.fencingToken}:0`);
    book.won('inventory-2', 'x');
    goesOn();
    expect(await both()).toEqual({ stuck: 1 });
  });

  test('does not get a dead letter past --no-dead', async () => {
    book.accepted('x');
    const claim = book.won('inventory-1', 'x', { attempt: 3 });
    book.result(`x:inventory:d${claim.fencingToken}:0`);
    goesOn();
    expect(await both(['--no-dead'])).toEqual({ stuck: 1 });
  });

  test('came before the settlement that followed a redrive, which says nothing of the clocks', async () => {
    book.accepted('x');
    const claim = book.won('inventory-1', 'x', { attempt: 3 });
    book.inventory('inventory-1', 'message.dead', 'x', { ...claim, reason: 'X', outcome: 'dead' });
    book.result(`x:inventory:d${claim.fencingToken}:0`);
    book.later(60_000).processed('inventory-2', 'x', book.won('inventory-2', 'x'));
    book.result('x:inventory:0');
    // The settlement is read first.
    const files = [...book.files].reverse();
    for (const text of [files, [files.join('')], book.files])
      expect((await judged(text)).certificate.waits.clocksDifferByMs).toBe(0);
  });
});

describe('the event of a death that has no line, and a settlement under a higher token', () => {
  beforeEach(() => book.accepted('x'));
  const deathOf = ({ fencingToken }) => book.result(`x:inventory:d${fencingToken}:0`);
  const settles = (claim) => book.processed('inventory-2', 'x', claim);

  test('that was taken over is unproven: by itself it shows no redrive', async () => {
    deathOf(book.won('inventory-1', 'x'));
    settles(book.takesOver('inventory-2', 'x', { from: 'inventory-1', attempt: 2 }));
    goesOn();
    expect(await both()).toEqual({ unproven: 1 });
  });

  test('whose attempts go on is dead and settled', async () => {
    deathOf(book.won('inventory-1', 'x', { attempt: 2 }));
    settles(book.won('inventory-2', 'x', { attempt: 3 }));
    expect(await both()).toEqual({ 'dead-and-settled': 1 });
  });

  test('whose attempts start anew, or that was sent back, is none', async () => {
    deathOf(book.won('inventory-1', 'x', { attempt: 2 }));
    settles(book.won('inventory-2', 'x'));
    expect(await both()).toEqual({});
    book.accepted('y');
    book.result(`y:inventory:d${book.won('inventory-1', 'y').fencingToken}:0`);
    book.redriven('inventory-3', 'y');
    book.processed('inventory-2', 'y', book.won('inventory-2', 'y'));
    book.result('y:inventory:0');
    expect(await both()).toEqual({});
  });
});

test('an order named as a result is, on its own channel, proves nothing', async () => {
  book.accepted('x');
  book.won('inventory-1', 'x');
  book.accepted('x:inventory:0');
  book.processed('inventory-1', 'x:inventory:0', book.won('inventory-1', 'x:inventory:0'));
  goesOn();
  expect(await both()).toEqual({ stuck: 1 });
});

describe('the result of a message that nobody accepted', () => {
  test('is a phantom, named and shown', async () => {
    book.result('ghost:inventory:0');
    expect(await both()).toEqual({ phantom: 1 });
    const { told } = await judged(book.files);
    expect(told).toMatchObject([{ id: 'ghost', channel: 'order_updates', group: 'inventory' }]);
    expect(told[0].lines).toHaveLength(3);
  });

  test('is none when the list knows it, be it that its answer was lost', async () => {
    book.result('ghost:inventory:0');
    const accepted = JSON.stringify({ orderId: 'ghost', accepted: 'unknown' });
    expect((await judged(book.files, { write: { accepted } })).found).toEqual({});
  });

  test('is told once when there is a line of its settlement, and not without any acceptance', async () => {
    book.result('ghost:inventory:0');
    book.processed('inventory-2', 'ghost', book.won('inventory-2', 'ghost'));
    expect(await both()).toEqual({ phantom: 1 });
    book.pods.set(
      'order-1',
      (book.pods.get('order-1') ?? []).filter((line) => !line.includes('order.accepted')),
    );
    expect(await both()).toEqual({});
  });
});

test('a dead letter whose settlement is shown by its event is unproven', async () => {
  book.accepted('x');
  book.won('inventory-1', 'x');
  book.result('x:inventory:0');
  book.dead('inventory-2', 'x', book.takesOver('inventory-2', 'x', { from: 'inventory-1', attempt: 2 }));
  expect(await both()).toEqual({ unproven: 1 });
});

test('of a group without logs the results prove what was settled', async () => {
  book.accepted('x');
  const files = [`${book.pods.get('order-1')?.join('\n')}\n`];
  expect((await judged(files, { args: ['--group', 'inventory'] })).found).toEqual({ lost: 1 });
});
