import { z } from 'zod';
import { itemIdSchema } from './identifiers.js';

export const MAX_QUANTITY = 1_000_000;
export const MAX_ITEMS = 100;

const QUANTITY_RULE = 'must be an integer from 1 to 1000000';
const ITEMS_RULE = 'must be an array of 1 to 100 items';

const orderItemSchema = z.strictObject({
  id: itemIdSchema,
  quantity: z
    .int(QUANTITY_RULE)
    .min(1, QUANTITY_RULE)
    .max(MAX_QUANTITY, QUANTITY_RULE)
    .meta({ description: 'Units ordered.', examples: [2] }),
});

export const orderItemsSchema = z
  .array(orderItemSchema, ITEMS_RULE)
  .min(1, ITEMS_RULE)
  .max(MAX_ITEMS, ITEMS_RULE);

export type OrderItem = z.infer<typeof orderItemSchema>;

export type CanonicalItems =
  | { readonly kind: 'canonical'; readonly items: readonly OrderItem[] }
  | { readonly kind: 'too-many-units'; readonly itemId: string };

/**
 * The one spelling of an order's items: units of a repeated id summed, items sorted by id (by UTF-16 code unit, the
 * same on every machine). Every publisher sends this spelling, so that the same order written in another sequence is
 * the same message, byte for byte, and not a conflict.
 *
 * It is here, although the package is otherwise data only, because it belongs to the shape of the event: two copies
 * that drift apart would turn repeated orders into conflicts.
 *
 * @returns too-many-units naming the first item whose sum is above {@link MAX_QUANTITY}
 */
export function canonicalItems(items: readonly OrderItem[]): CanonicalItems {
  // Most orders are: then there is nothing to sum or to sort.
  if (isAscending(items)) {
    return { kind: 'canonical', items: items.map(({ id, quantity }) => ({ id, quantity })) };
  }
  const units = new Map<string, number>();
  for (const { id, quantity } of items) {
    const sum = (units.get(id) ?? 0) + quantity;
    if (sum > MAX_QUANTITY) return { kind: 'too-many-units', itemId: id };
    units.set(id, sum);
  }
  const sorted = [...units].sort(([a], [b]) => (a < b ? -1 : 1));
  return { kind: 'canonical', items: sorted.map(([id, quantity]) => ({ id, quantity })) };
}

/** Each id once, in the canonical sequence, and none with too many units. */
function isAscending(items: readonly OrderItem[]): boolean {
  let last: string | undefined;
  for (const { id, quantity } of items) {
    if (quantity > MAX_QUANTITY || (last !== undefined && last >= id)) return false;
    last = id;
  }
  return true;
}
