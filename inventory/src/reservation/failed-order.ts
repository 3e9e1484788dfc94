import { MAX_REASON_LENGTH, orderIdSchema, type OrderSettled } from '@onlyonce/contracts';
import type { DeathReport } from '@onlyonce/core';

/**
 * What is told of an order that became a dead letter; nothing when its message id cannot be an order's. Its decision is
 * the claim that failed last, so it gives way to the one that comes when the order is sent back, whichever is heard first.
 */
export function failedOrder({
  messageId,
  reason,
  attempts,
  pod,
  fencingToken,
  atMs,
}: DeathReport): OrderSettled | undefined {
  const orderId = orderIdSchema.safeParse(messageId);
  if (!orderId.success) return undefined;
  return {
    orderId: orderId.data,
    status: 'FAILED',
    reason: reason.slice(0, MAX_REASON_LENGTH),
    processedBy: pod,
    processedAt: new Date(atMs).toISOString(),
    attempts,
    decision: Number(fencingToken),
  };
}
