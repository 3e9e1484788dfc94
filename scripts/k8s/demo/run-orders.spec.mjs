import { expect, it } from '@jest/globals';
import { ownItem } from '../../demo/orders.mjs';
import { RunOrders } from './run-orders.mjs';

it('two runs share neither an order nor an item', () => {
  const ids = (run) =>
    new RunOrders(run, 50).orders.flatMap(({ orderId, items }) => [orderId, ...items.map(({ id }) => id)]);
  expect(ids('k8s-b').filter((id) => new Set(ids('k8s-a')).has(id))).toEqual([]);
});

it('each order takes one unit of an item of its own, and what it shares is known', () => {
  const run = new RunOrders('k8s-a', 50);
  for (const { orderId, items } of run.orders) {
    expect(items.filter(({ id }) => id === ownItem(orderId))).toEqual([
      { id: ownItem(orderId), quantity: 1 },
    ]);
    for (const { id } of items) expect([ownItem(orderId), ...run.shared]).toContain(id);
  }
  expect(new Set(run.orders.map(({ orderId }) => orderId)).size).toBe(50);
});

it('knows its own log lines', () => {
  const run = new RunOrders('k8s-a', 1);
  expect(run.isMine('{"messageId":"k8s-a-0001:inventory:0"}')).toBe(true);
  expect(run.isMine('{"item":"only-k8s-a-0001"}')).toBe(true);
  expect(run.isMine('{"messageId":"k8s-ab-0001"}')).toBe(false);
});
