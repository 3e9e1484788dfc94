import { beforeEach, describe, expect, test } from '@jest/globals';
import { judged } from './testing/judged.mjs';
import { LogBook } from './testing/log-book.mjs';

// What the stock proves, and of which items. What orders take from it is in planted-violations.spec.mjs.

/** @type {LogBook} */
let book;
beforeEach(() => {
  book = new LogBook();
});

const ORDERS = 12;
const healthy = (from = 0, to = ORDERS) => {
  for (let index = from; index < to; index += 1) book.healthy(`ok-${index}`);
};
const set = (item, quantity, previous, pod = 'inventory-1') =>
  book.line(pod, 'stock.set', { item, quantity, previous });
const order = (orderId, id, quantity = 2) => JSON.stringify({ orderId, items: [{ id, quantity }] });
const orders = (...more) =>
  [...Array.from({ length: ORDERS }, (_, index) => order(`ok-${index}`, 'tea')), ...more].join('\n');
const stocked = (start, end, accepted = orders(), args = []) =>
  judged(book.files, {
    args,
    write: { accepted, 'start-stock': JSON.stringify(start), 'end-stock': JSON.stringify(end) },
  });

describe('an item that the start does not name', () => {
  test('began with nothing when the logs saw it come into being', async () => {
    set('cup', 50, null);
    healthy();
    book.healthy('c');
    const accepted = orders(order('c', 'cup', 10));
    expect((await stocked({ tea: 100 }, { tea: 76, cup: 40 }, accepted)).found).toEqual({});
    expect((await stocked({ tea: 100 }, { tea: 76, cup: 35 }, accepted)).found).toEqual({ stock: 1 });
  });

  test('is not judged, and that is told', async () => {
    healthy();
    const { found, certificate } = await stocked({ pot: 7 }, { pot: 7, tea: 99, gold: 5 });
    expect(found).toEqual({});
    expect(certificate.stock).toMatchObject({ items: 1, itemsWithoutStart: 1 });
    expect(certificate.notJudged).toContain('stock of 2 items whose start nothing tells: tea, gold');
  });

  test('proves nothing of an effect that was told twice around a loss of data', async () => {
    healthy();
    book.healthy('x');
    const at = book.nowIso;
    book.later(100).processed('inventory-2', 'x', book.won('inventory-2', 'x'));
    const write = {
      accepted: orders(order('x', 'tea')),
      faults: JSON.stringify({ at, kind: 'failover', durationMs: 50 }),
    };
    const found = async (start, end) =>
      (await judged(book.files, { write: { ...write, 'start-stock': start, 'end-stock': end } })).found;
    expect(await found('{"tea":100}', '{"tea":74}')).toEqual({});
    expect(await found('{"tea":100}', '{"tea":72}')).toEqual({ stock: 1 });
    expect(await found('{"pot":7}', '{"pot":7}')).toEqual({ unproven: 1 });
  });

  test('nor does a stock of which it is not known what every effect took', async () => {
    healthy();
    book.healthy('x');
    const at = book.nowIso;
    book.later(100).processed('inventory-2', 'x', book.won('inventory-2', 'x'));
    const write = { accepted: orders(), faults: JSON.stringify({ at, kind: 'failover', durationMs: 50 }) };
    const stock = { 'start-stock': '{"tea":100}', 'end-stock': '{"tea":76}' };
    expect((await judged(book.files, { write: { ...write, ...stock } })).found).toEqual({ unproven: 1 });
  });
});

describe('set by hand, with clocks that differ', () => {
  const shifted = (pod, ms) =>
    book.pods.set(
      pod,
      (book.pods.get(pod) ?? []).map((line) =>
        line.replace(
          /"time":"([^"]+)"/,
          (_, time) => `"time":"${new Date(Date.parse(time) + ms).toISOString()}"`,
        ),
      ),
    );
  const HOUR = 3_600_000;

  test.each([0, HOUR, -HOUR])('before the first order, by a clock %i ms ahead', async (ms) => {
    set('tea', 100, 50);
    healthy();
    shifted('inventory-1', ms);
    expect((await stocked({ tea: 100 }, { tea: 76 })).found).toEqual({});
    expect((await stocked({ tea: 100 }, { tea: 75 })).found).toEqual({ stock: 1 });
  });

  test.each([0, HOUR, -HOUR])('between orders, by a clock %i ms ahead', async (ms) => {
    healthy(0, 6);
    set('tea', 98, 88);
    healthy(6);
    shifted('inventory-1', ms);
    expect((await stocked({ tea: 100 }, { tea: 86 })).found).toEqual({});
    expect((await stocked({ tea: 100 }, { tea: 76 })).found).toEqual({ stock: 1 });
  });

  test('between orders, of which only the list tells that they were accepted', async () => {
    healthy(0, 6);
    set('tea', 98, 88);
    healthy(6);
    book.pods.delete('order-1');
    expect((await stocked({ tea: 100 }, { tea: 86 })).found).toEqual({});
    expect((await stocked({ tea: 100 }, { tea: 76 })).found).toEqual({ stock: 1 });
  });

  test('long after the first order, by a pod that never had one', async () => {
    healthy(0, 6);
    book.later(10_000);
    set('tea', 98, 88, 'inventory-9');
    healthy(6);
    expect((await stocked({ tea: 100 }, { tea: 86 })).found).toEqual({});
    expect((await stocked({ tea: 100 }, { tea: 76 })).found).toEqual({ stock: 1 });
  });
});
