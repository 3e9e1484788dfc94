import { durationMs } from '@onlyonce/service/config';
import { z } from 'zod';

export const MAX_WAIT_MS = 30_000;
const RULE = 'must be a time from 0s to 30s, like 5s or 500ms';

/** The query parameter `wait`, in milliseconds; 0 when it is not given. */
export const waitSchema = z
  .string(RULE)
  .regex(/^\d{1,5}(ms|s)$/, RULE)
  .transform((text, context): number => {
    const ms = durationMs(text);
    if (ms !== undefined && ms <= MAX_WAIT_MS) return ms;
    context.addIssue({ code: 'custom', message: RULE });
    return z.NEVER;
  })
  .prefault('0s')
  .meta({ description: 'How long to wait for the order to be settled: up to 30s.', examples: ['5s'] });
