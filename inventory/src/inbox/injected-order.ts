import { canonicalItems, orderIdSchema, orderItemsSchema, type OrderPlaced } from '@onlyonce/contracts';
import type { FieldFault } from '@onlyonce/service';
import { z } from 'zod';

/** The body of POST /inbox: an order message written by hand. */
export const injectedOrderSchema = z.strictObject(
  {
    orderId: orderIdSchema.optional(),
    items: orderItemsSchema.meta({ description: 'Units of a repeated id are summed, up to 1,000,000.' }),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? 'must be a JSON object' : undefined) },
);

export type InjectedOrder = z.infer<typeof injectedOrderSchema>;

/** The message in the one spelling that the order service publishes, so that the same order is the same message. */
export function messageOf({ items }: InjectedOrder, orderId: string): OrderPlaced | FieldFault {
  const canonical = canonicalItems(items);
  if (canonical.kind === 'canonical') return { orderId, items: [...canonical.items] };
  return { field: 'items', message: `has more than 1000000 units of ${canonical.itemId} in all` };
}
