import { z } from 'zod';
import { orderIdSchema } from './identifiers.js';
import { orderItemsSchema } from './order-items.js';

/** The channel of {@link OrderPlaced} unless configured otherwise. */
export const ORDER_UPDATES = 'order_updates';

/**
 * An order was accepted. Message id = order id. There is no time in it: the same order sent again must be the same
 * bytes; when it was accepted is in the entry id and in the order's record.
 */
export const orderPlacedSchema = z
  .strictObject({ orderId: orderIdSchema, items: orderItemsSchema })
  .meta({ id: 'OrderPlaced', description: 'An order was accepted; items in canonical form.' });

export type OrderPlaced = z.infer<typeof orderPlacedSchema>;

export const sampleOrderPlaced: OrderPlaced = {
  orderId: '0199c0de-7e57-7abc-8def-0123456789ab',
  items: [
    { id: 'sku-4711', quantity: 2 },
    { id: 'sku-4712', quantity: 1 },
  ],
};
