import { z } from 'zod';

/** For the API description only. */
export const problemSchema = z
  .object({
    type: z.string().meta({ examples: ['about:blank'] }),
    title: z.string().meta({ examples: ['Bad Request'] }),
    status: z.int().meta({ examples: [400] }),
    detail: z.string().meta({ examples: ['not usable: items.0.quantity'] }),
    errors: z
      .array(
        z.object({
          field: z.string().meta({ examples: ['items.0.quantity'] }),
          message: z.string().meta({ examples: ['must be an integer from 1 to 1000000'] }),
        }),
      )
      .optional()
      .meta({ description: 'Every wrong field, when fields are what is wrong.' }),
    orderId: z.string().optional().meta({ description: 'The order this is about, when it got an id.' }),
  })
  .meta({ description: 'RFC 9457 problem details.' });
