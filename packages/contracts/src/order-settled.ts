import { z } from 'zod';
import { orderIdSchema } from './identifiers.js';

/** The channel of {@link OrderSettled} unless configured otherwise. */
export const ORDER_RESULTS = 'order_results';

export const settledStatusSchema = z.enum(['CONFIRMED', 'REJECTED', 'FAILED']).meta({
  description:
    'CONFIRMED: stock reserved. REJECTED: the business said no. FAILED: a dead letter, may be redriven.',
});

export const MAX_REASON_LENGTH = 2_000;

/** What became of an order. A dead letter that is sent back is decided again: see `decision`. */
export const orderSettledSchema = z
  .strictObject({
    orderId: orderIdSchema,
    status: settledStatusSchema,
    reason: z
      .string()
      .max(MAX_REASON_LENGTH)
      .optional()
      .meta({ description: 'Why not, for REJECTED and FAILED.', examples: ['OUT_OF_STOCK: sku-4711'] }),
    processedBy: z
      .string()
      .min(1)
      .max(64)
      .meta({ description: 'Pod that decided.', examples: ['inventory-1'] }),
    processedAt: z.iso.datetime().meta({ description: 'When, by the clock of that pod.' }),
    attempts: z
      .int()
      .min(1)
      .meta({ description: 'Runs it took, this one included.', examples: [1] }),
    decision: z
      .int()
      .min(0)
      .meta({
        description:
          'Orders two decisions about one order: the fencing token of the run that decided. 0 for FAILED, which ' +
          'gives way to every real decision, however late it is heard.',
        examples: [1_790_000_000_000_000],
      }),
  })
  .meta({ id: 'OrderSettled', description: 'What became of an order.' });

export type OrderSettled = z.infer<typeof orderSettledSchema>;
export type SettledStatus = z.infer<typeof settledStatusSchema>;

export const sampleOrderConfirmed: OrderSettled = {
  orderId: '0199c0de-7e57-7abc-8def-0123456789ab',
  status: 'CONFIRMED',
  processedBy: 'inventory-1',
  processedAt: '2026-11-21T08:30:00.000Z',
  attempts: 1,
  decision: 1_790_000_000_000_000,
};

export const sampleOrderRejected: OrderSettled = {
  ...sampleOrderConfirmed,
  status: 'REJECTED',
  reason: 'OUT_OF_STOCK: sku-4711',
};

export const sampleOrderFailed: OrderSettled = {
  ...sampleOrderConfirmed,
  status: 'FAILED',
  reason: 'RETRYABLE_FAILURE: an effect cannot be applied: {shop}:stock sku-4711 is not an integer',
  attempts: 6,
  decision: 0,
};
