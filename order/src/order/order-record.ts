import type { OrderItem, OrderSettled } from '@onlyonce/contracts';
import type { EffectSet } from '@onlyonce/core';
import { orderStatusSchema, type Order } from './order.js';

export const IDEMPOTENCY_KEY_REUSED = 'IDEMPOTENCY_KEY_REUSED';
const OLDER_DECISION = 'OLDER_DECISION';

/** Fields of an order's hash that are read back, in the order of {@link orderFrom}'s values. */
export const READ_FIELDS = ['status', 'reason', 'processedBy', 'processedAt', 'attempts'] as const;

export const orderKey = (orderId: string): string => `order:${orderId}`;
const idempotencyKey = (digest: string): string => `idem:${digest}`;

interface AcceptedOrder {
  readonly orderId: string;
  readonly items: readonly OrderItem[];
  readonly acceptedAt: string;
  /** Of the client's Idempotency-Key, if it sent one. */
  readonly keyDigest: string | undefined;
}

/** How long records are kept, milliseconds; Infinity for ever. */
export interface RecordLife {
  readonly orderMs: number;
  readonly idempotencyKeyMs: number;
}

/** Written if, and only if, the order is accepted, in the same atomic step. */
export function recordAccepted(record: EffectSet, order: AcceptedOrder, life: RecordLife): void {
  const { orderId, items, acceptedAt, keyDigest } = order;
  record.hash(orderKey(orderId)).put({ status: 'PENDING', items: JSON.stringify(items), acceptedAt });
  expire(record, orderKey(orderId), life.orderMs);
  if (keyDigest === undefined) return;
  const key = idempotencyKey(keyDigest);
  record.hash(key).requireSameOrAbsent('order', orderId, IDEMPOTENCY_KEY_REUSED).put({ order: orderId });
  expire(record, key, life.idempotencyKeyMs);
}

/**
 * Writes what became of an order, unless a later decision is there already: events are not ordered, and a dead letter
 * that was sent back is decided again.
 */
export function recordSettled(record: EffectSet, settled: OrderSettled, life: RecordLife): void {
  const { orderId, status, reason, processedBy, processedAt, attempts, decision } = settled;
  const key = orderKey(orderId);
  const fields = record.hash(key).requireBelowOrAbsent('decision', decision, OLDER_DECISION);
  fields.put({ status, processedBy, processedAt, attempts, decision });
  if (reason === undefined) fields.remove('reason');
  else fields.put({ reason });
  expire(record, key, life.orderMs);
}

/** @returns undefined when there is no such order */
export function orderFrom(
  orderId: string,
  values: readonly (string | null | undefined)[],
): Order | undefined {
  const [status, reason, processedBy, processedAt, attempts] = values;
  const known = orderStatusSchema.safeParse(status);
  if (!known.success) return undefined;
  return {
    orderId,
    status: known.data,
    ...(reason ? { reason } : {}),
    processedBy: processedBy ?? null,
    processedAt: processedAt ?? null,
    attempts: Number(attempts ?? 0),
  };
}

function expire(record: EffectSet, key: string, ms: number): void {
  if (Number.isFinite(ms)) record.hash(key).expire(ms);
}
