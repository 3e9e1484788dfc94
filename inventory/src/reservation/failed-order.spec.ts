import { orderSettledSchema } from '@onlyonce/contracts';
import { messageId, type FencingToken } from '@onlyonce/core';
import { describe, expect, it } from '@jest/globals';
import { failedOrder } from './failed-order.js';

const fencingToken = '1795227521680291' as FencingToken;
const atMs = Date.UTC(2026, 10, 21, 8);
const report = {
  messageId: messageId('o'),
  reason: 'why',
  attempts: 6,
  pod: 'inventory-1',
  fencingToken,
  atMs,
};

describe('failedOrder', () => {
  it('tells that the order failed, and gives way to every later decision', () => {
    const event = failedOrder(report);
    expect(orderSettledSchema.parse(event)).toEqual({
      orderId: 'o',
      status: 'FAILED',
      reason: 'why',
      processedBy: 'inventory-1',
      processedAt: '2026-11-21T08:00:00.000Z',
      attempts: 6,
      decision: 1_795_227_521_680_291,
    });
  });

  it('fits its schema however long the reason is', () => {
    expect(orderSettledSchema.safeParse(failedOrder({ ...report, reason: 'x'.repeat(10_000) })).success).toBe(
      true,
    );
  });

  it('says nothing of a message that cannot be an order', () => {
    expect(failedOrder({ ...report, messageId: messageId('x'.repeat(129)) })).toBeUndefined();
  });
});
