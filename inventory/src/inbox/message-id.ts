import { z } from 'zod';

const RULE = 'must be 1 to 200 printable characters without spaces';

/** Any message's id, as the engine takes it; wider than an order's, since foreign hands can publish, too. */
export const messageIdSchema = z.string().regex(/^[\p{L}\p{M}\p{N}\p{P}\p{S}]{1,200}$/u, RULE);
