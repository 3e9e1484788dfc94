import { canonicalItems, orderIdSchema, orderItemsSchema, type OrderItem } from '@onlyonce/contracts';
import { fieldFaults, type FieldFault } from '@onlyonce/service';
import { z } from 'zod';
import { plainOrder } from './plain-order.js';

/** The body of POST /orders. */
export const orderRequestSchema = z.strictObject(
  {
    orderId: orderIdSchema.optional(),
    items: orderItemsSchema.meta({ description: 'Units of a repeated id are summed, up to 1,000,000.' }),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? 'must be a JSON object' : undefined) },
);

/** What a client asks for, checked, in canonical form. */
export interface OrderRequest {
  readonly orderId: string | undefined;
  readonly items: readonly OrderItem[];
  readonly idempotencyKey: string | undefined;
}

export type ReadOrderRequest =
  | { readonly kind: 'read'; readonly request: OrderRequest }
  | { readonly kind: 'faulty'; readonly faults: readonly FieldFault[] };

const VISIBLE_ASCII = /^[\x21-\x7e]{1,128}$/;
const KEY_FAULT: FieldFault = {
  field: 'Idempotency-Key',
  message: 'must be 1 to 128 visible ASCII characters',
};

/** Reads body and header together, so that what is wrong with either is told at once. */
export function readOrderRequest(
  body: unknown,
  idempotencyKey: string | string[] | undefined,
): ReadOrderRequest {
  const plain = plainOrder(body);
  const parsed = plain ? ({ success: true, data: plain } as const) : orderRequestSchema.safeParse(body);
  const faults = parsed.success ? [] : fieldFaults(parsed.error.issues);
  const key = typeof idempotencyKey === 'string' ? idempotencyKey : undefined;
  const keyIsWrong = idempotencyKey !== undefined && (key === undefined || !VISIBLE_ASCII.test(key));
  if (keyIsWrong) faults.push(KEY_FAULT);
  if (!parsed.success) return { kind: 'faulty', faults };

  const canonical = canonicalItems(parsed.data.items);
  if (canonical.kind === 'too-many-units') {
    faults.push({ field: 'items', message: `has more than 1000000 units of ${canonical.itemId} in all` });
    return { kind: 'faulty', faults };
  }
  if (faults.length > 0) return { kind: 'faulty', faults };
  const { orderId } = parsed.data;
  return { kind: 'read', request: { orderId, items: canonical.items, idempotencyKey: key } };
}
