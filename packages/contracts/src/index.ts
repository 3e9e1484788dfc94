export { itemIdSchema, orderIdSchema } from './identifiers.js';
export {
  canonicalItems,
  MAX_ITEMS,
  MAX_QUANTITY,
  orderItemsSchema,
  type CanonicalItems,
  type OrderItem,
} from './order-items.js';
export { ORDER_UPDATES, orderPlacedSchema, sampleOrderPlaced, type OrderPlaced } from './order-placed.js';
export {
  MAX_REASON_LENGTH,
  ORDER_RESULTS,
  orderSettledSchema,
  sampleOrderConfirmed,
  sampleOrderFailed,
  sampleOrderRejected,
  settledStatusSchema,
  type OrderSettled,
  type SettledStatus,
} from './order-settled.js';
