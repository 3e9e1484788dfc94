import type { InboxRow } from '@onlyonce/core';
import { z } from 'zod';

export const inboxStateSchema = z.enum(['pending', 'processing', 'processed', 'retrying', 'dead'], {
  error: 'must be one of pending, processing, processed, retrying, dead',
});

const time = (meaning: string) => z.iso.datetime().optional().meta({ description: meaning });

/** One message of the group, as the list shows it. */
export const inboxMessageSchema = z.object({
  messageId: z.string().meta({ examples: ['order-1'] }),
  state: inboxStateSchema,
  outcome: z.enum(['confirmed', 'rejected', 'dead']).optional().meta({ description: 'How it ended.' }),
  owner: z
    .string()
    .optional()
    .meta({ description: 'Pod that holds, or held, its lock.', examples: ['inventory-1'] }),
  attempt: z.int().meta({ description: 'Of the run under way, or the last one.' }),
  takeovers: z.int().meta({ description: 'Owners that vanished without a report.' }),
  publishedAt: time('When it was published.'),
  since: time('When it came into this state.'),
  dueAt: time('When it is tried again.'),
  error: z.string().optional().meta({ description: 'The last failure.' }),
});

export type InboxMessage = z.infer<typeof inboxMessageSchema>;

/** The same row with times for people, and nothing that is not known. */
export function inboxMessage({ publishedAt, since, dueAt, ...rest }: InboxRow): InboxMessage {
  return {
    ...rest,
    ...(publishedAt === undefined ? {} : { publishedAt: iso(publishedAt) }),
    ...(since === undefined ? {} : { since: iso(since) }),
    ...(dueAt === undefined ? {} : { dueAt: iso(dueAt) }),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
