import { MAX_REASON_LENGTH, orderIdSchema, type OrderSettled } from '@onlyonce/contracts';
import type { DeathReport } from '@onlyonce/core';

/**
 * What is told of an order that became a dead letter; nothing when its message id cannot be an order's.
 * Its decision is 0, so that it gives way to the real one if it is sent back, whichever is heard first.
 */
export function failedOrder(
  { messageId, reason, attempts, pod }: DeathReport,
  now: Date,
): OrderSettled | undefined {
  const orderId = orderIdSchema.safeParse(messageId);
  if (!orderId.success) return undefined;
  return {
    orderId: orderId.data,
    status: 'FAILED',
    reason: reason.slice(0, MAX_REASON_LENGTH),
    processedBy: pod,
    processedAt: now.toISOString(),
    attempts,
    decision: 0,
  };
}
