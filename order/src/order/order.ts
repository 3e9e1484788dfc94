import { settledStatusSchema } from '@onlyonce/contracts';
import { z } from 'zod';

export const orderStatusSchema = z.enum(['PENDING', ...settledStatusSchema.options]);

/** An order as its owner may see it. */
export const orderSchema = z
  .object({
    orderId: z.string().meta({ examples: ['0199c0de-7e57-7abc-8def-0123456789ab'] }),
    status: orderStatusSchema.meta({ examples: ['CONFIRMED'] }),
    reason: z
      .string()
      .optional()
      .meta({ description: 'Why not, for REJECTED and FAILED.', examples: ['OUT_OF_STOCK: sku-4711'] }),
    processedBy: z
      .string()
      .nullable()
      .meta({ description: 'Pod that decided; null while PENDING.', examples: ['inventory-1'] }),
    processedAt: z
      .string()
      .nullable()
      .meta({ description: 'When; null while PENDING.', examples: ['2026-11-21T08:30:00.000Z'] }),
    attempts: z.int().meta({ description: 'Runs it took; 0 while PENDING.', examples: [1] }),
  })
  .meta({ id: 'Order' });

export type OrderStatus = z.infer<typeof orderStatusSchema>;
export type Order = z.infer<typeof orderSchema>;

export function isSettled(order: Order): boolean {
  return order.status !== 'PENDING';
}
