import { describe, expect, it } from '@jest/globals';
import { inboxMessage, inboxMessageSchema } from './inbox-message.js';

describe('inboxMessage', () => {
  it('shows times as people read them, and nothing that is not known', () => {
    const row = {
      messageId: 'm',
      state: 'retrying',
      attempt: 2,
      takeovers: 0,
      publishedAt: 0,
      dueAt: 1_000,
    } as const;
    const shown = inboxMessage(row);
    expect(shown).toEqual({
      messageId: 'm',
      state: 'retrying',
      attempt: 2,
      takeovers: 0,
      publishedAt: '1970-01-01T00:00:00.000Z',
      dueAt: '1970-01-01T00:00:01.000Z',
    });
    expect(inboxMessageSchema.parse(shown)).toEqual(shown);
  });
});
