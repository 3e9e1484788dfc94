import { describe, expect, it } from '@jest/globals';
import { idOf, itemName, ITEM_COUNT, itemsOf, START_STOCK } from '../messages.mjs';
import { inOrder, Ledger } from './ledger.mjs';

const COUNT = 1_000;

/** The stock after each message took effect as often as `times` says, once by default. */
function stockAfter(times = {}) {
  const stock = new Map(Array.from({ length: ITEM_COUNT }, (_, number) => [itemName(number), START_STOCK]));
  for (let sequence = 0; sequence < COUNT; sequence += 1) {
    for (const { id, quantity } of itemsOf(sequence)) {
      stock.set(id, stock.get(id) - quantity * (times[sequence] ?? 1));
    }
  }
  return stock;
}

function ledgerOf(times = {}) {
  const ledger = new Ledger(COUNT);
  for (let sequence = 0; sequence < COUNT; sequence += 1) {
    const count = times[sequence] ?? 1;
    if (count > 0) ledger.add(idOf(sequence, 1_700_000_000_000), count);
  }
  return ledger;
}

describe('Ledger', () => {
  it('is in order when each message took effect once', () => {
    const books = ledgerOf().close(stockAfter());
    expect(books).toMatchObject({ appliedOnce: COUNT, duplicated: 0, lost: 0, foreign: 0, stockOff: 0 });
    expect(inOrder(books)).toBe(true);
  });

  it('counts messages that took effect more than once, and how often too often', () => {
    const times = { 3: 2, 500: 4 };
    const books = ledgerOf(times).close(stockAfter(times));
    expect(books).toMatchObject({ duplicated: 2, extraEffects: 4, appliedOnce: COUNT - 2, lost: 0 });
    expect(books.stockOff).toBeGreaterThan(0);
    expect(books.examples).toContain(`2 times ${books.examples[0]?.slice(8)}`);
    expect(inOrder(books)).toBe(false);
  });

  it('counts messages that never took effect', () => {
    const times = { 0: 0, 999: 0 };
    const books = ledgerOf(times).close(stockAfter(times));
    expect(books).toMatchObject({ lost: 2, duplicated: 0, examples: ['lost 0', 'lost 999'] });
    expect(inOrder(books)).toBe(false);
  });

  it('is not fooled by a loss and a duplicate that cancel out in number', () => {
    const times = { 10: 0, 20: 2 };
    expect(ledgerOf(times).close(stockAfter(times))).toMatchObject({ lost: 1, duplicated: 1 });
  });

  it('notices effects of ids that nobody sent', () => {
    const ledger = ledgerOf();
    ledger.add(idOf(COUNT, 1_700_000_000_000), 1);
    ledger.add('something else', 2);
    const books = ledger.close(stockAfter());
    expect(books.foreign).toBe(3);
    expect(inOrder(books)).toBe(false);
  });

  it('notices stock that moved although every mark is there once, also when the sum is right', () => {
    const stock = stockAfter();
    stock.set(itemName(1), stock.get(itemName(1)) - 1);
    stock.set(itemName(2), stock.get(itemName(2)) + 1);
    const books = ledgerOf().close(stock);
    expect(books.stockOff).toBe(2);
    expect(inOrder(books)).toBe(false);
  });

  it('does not take 65,536 effects for none', () => {
    const books = ledgerOf({ 7: 65_536 }).close(stockAfter());
    expect(books).toMatchObject({ duplicated: 1, lost: 0 });
  });
});
