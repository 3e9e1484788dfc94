import { itemIdSchema } from '@onlyonce/contracts';
import { z } from 'zod';

export const MAX_STOCK = 1_000_000_000;

/** Units of one item that are available. */
export const stockLevelSchema = z.object({
  id: z.string().meta({ examples: ['sku-4711'] }),
  available: z
    .int()
    .nullable()
    .meta({
      description: 'Never below zero. null: what is stored is no integer; PUT repairs it.',
      examples: [100],
    }),
});

export type StockLevel = z.infer<typeof stockLevelSchema>;

const QUANTITY_RULE = `must be an integer from 0 to ${MAX_STOCK}`;

/** The body of PUT /stock/{id}. */
export const setStockSchema = z.strictObject(
  {
    quantity: z
      .int(QUANTITY_RULE)
      .min(0, QUANTITY_RULE)
      .max(MAX_STOCK, QUANTITY_RULE)
      .meta({ examples: [100] }),
  },
  { error: (issue) => (issue.code === 'invalid_type' ? 'must be a JSON object' : undefined) },
);

export const stockParams = z.object({ id: itemIdSchema });

/** What a stored text says; null when it is no integer, which only a foreign hand can have written. */
export function levelOf(id: string, stored: string): StockLevel {
  const integer = /^-?\d{1,15}$/.test(stored);
  return { id, available: integer ? Number(stored) : null };
}
