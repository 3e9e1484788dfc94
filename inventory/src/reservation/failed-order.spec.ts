import { orderSettledSchema } from '@onlyonce/contracts';
import { messageId } from '@onlyonce/core';
import { describe, expect, it } from '@jest/globals';
import { failedOrder } from './failed-order.js';

const now = new Date('2026-11-21T08:00:00.000Z');
const report = { messageId: messageId('o'), reason: 'why', attempts: 6, pod: 'inventory-1' };

describe('failedOrder', () => {
  it('tells that the order failed, and gives way to every real decision', () => {
    const event = failedOrder(report, now);
    expect(orderSettledSchema.parse(event)).toEqual({
      orderId: 'o',
      status: 'FAILED',
      reason: 'why',
      processedBy: 'inventory-1',
      processedAt: '2026-11-21T08:00:00.000Z',
      attempts: 6,
      decision: 0,
    });
  });

  it('fits its schema however long the reason is', () => {
    expect(
      orderSettledSchema.safeParse(failedOrder({ ...report, reason: 'x'.repeat(10_000) }, now)).success,
    ).toBe(true);
  });

  it('says nothing of a message that cannot be an order', () => {
    expect(failedOrder({ ...report, messageId: messageId('x'.repeat(129)) }, now)).toBeUndefined();
  });
});
