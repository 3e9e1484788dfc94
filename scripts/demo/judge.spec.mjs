import { describe, expect, it } from '@jest/globals';
import { judge, lastLine } from './judge.mjs';
import { makeOrders, OWN_STOCK, ownItem, sharedDemand } from './orders.mjs';

const orders = makeOrders(20);
const startStock = new Map([...sharedDemand(orders)].map(([id, units]) => [id, units + 5]));
const sent = { orders, repeats: 4, startStock };

/** What a run without fault leaves. */
const clean = () => ({
  accepted: 20,
  repeatsRefused: 4,
  states: new Map(orders.map(({ orderId }) => [orderId, 'CONFIRMED'])),
  stock: new Map([
    ...[...startStock.keys()].map((id) => [id, 5]),
    ...orders.map(({ orderId }) => [ownItem(orderId), OWN_STOCK - 1]),
  ]),
});

const verdictOn = (change) => {
  const findings = clean();
  change(findings);
  return judge(sent, findings);
};

describe('the judge of the demo', () => {
  it('proves a run in which every order took effect once', () => {
    expect(lastLine(20, judge(sent, clean()))).toBe('PROVED: 20 orders, 20 effects, 0 lost, 0 duplicated');
  });

  it('sees one lost and one doubled effect although their sum is right', () => {
    const verdict = verdictOn(({ stock }) =>
      stock.set('only-order-0001', OWN_STOCK).set('only-order-0002', OWN_STOCK - 2),
    );
    expect(verdict).toMatchObject({ effects: 20, lost: 1, duplicated: 1 });
    expect(lastLine(20, verdict)).toMatch(
      /^FAILED: .*1 orders had no effect; 1 orders had more than one effect$/,
    );
  });

  it('sees shared stock that moved once too often', () => {
    expect(verdictOn(({ stock }) => stock.set('teapot', 4)).faults).toEqual([
      'stock of teapot: expected 5, found 4',
    ]);
  });

  it('does not prove an order whose state is not CONFIRMED', () => {
    expect(verdictOn(({ states }) => states.set('order-0003', 'PENDING')).faults).toHaveLength(1);
  });

  it('does not prove stock that could not be read', () => {
    expect(verdictOn(({ stock }) => stock.delete('only-order-0004')).faults).not.toHaveLength(0);
  });

  it('sees a repeat that was taken for a new order', () => {
    const verdict = verdictOn((findings) => {
      findings.accepted = 21;
      findings.repeatsRefused = 3;
    });
    expect(verdict.faults).toHaveLength(2);
  });
});
