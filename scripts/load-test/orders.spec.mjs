import { describe, expect, it, test } from '@jest/globals';
import { RunOrders } from './orders.mjs';

const orders = new RunOrders({
  count: 500,
  items: 7,
  startedAt: Date.parse('2026-11-21T10:00:00Z'),
  run: 0xabcdef,
});

describe('the orders of a run', () => {
  it('have ids that are UUIDv7 of its start, and tell their number', () => {
    expect(orders.id(0)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(orders.id(3).replace('-', '').slice(0, 12), 16)).toBe(
      Date.parse('2026-11-21T10:00:00Z'),
    );
    for (const number of [0, 1, 15, 16, 499]) expect(orders.numberOf(orders.id(number))).toBe(number);
  });

  test.each([
    ['x'],
    [''],
    [`${orders.id(1)}:inventory:0`],
    [orders.id(500)],
    [orders.id(1).replace('abc', 'abd')],
  ])('%s is none of them', (id) => {
    expect(orders.numberOf(id)).toBeUndefined();
  });

  it('ask for two different items each', () => {
    for (let number = 0; number < 500; number += 1) {
      const { items } = orders.order(number);
      expect(new Set(items.map(({ id }) => id)).size).toBe(2);
      for (const { quantity } of items) expect([1, 2, 3]).toContain(quantity);
    }
  });

  it('find stock for twice as much as they take, so that a second effect would not be refused', () => {
    const taken = new Map();
    for (let number = 0; number < 500; number += 1) {
      for (const { id, quantity } of orders.order(number).items)
        taken.set(id, (taken.get(id) ?? 0) + quantity);
    }
    for (const [id, units] of orders.startStock()) expect(units).toBe(2 * taken.get(id));
  });

  it('of a shop with one item ask for that one', () => {
    const one = new RunOrders({ count: 3, items: 1, startedAt: 1, run: 1 });
    expect(one.order(2).items).toEqual([{ id: one.items[0], quantity: 3 }]);
  });
});
