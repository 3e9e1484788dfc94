import { describe, expect, it } from '@jest/globals';
import { messageId, type EntryId } from '../ids.js';
import type { Envelope } from '../ports/feed.js';
import { Intake } from './intake.js';

const envelope = (id: string): Envelope => ({
  id: messageId(id),
  entryId: '1-1' as EntryId,
  headers: {},
  body: '{}',
});

describe('Intake', () => {
  it('keeps no more than its limit, and remembers that it dropped something', () => {
    const intake = new Intake({ messages: 2, characters: 1_000 });
    expect(['a', 'b', 'c'].map((id) => intake.offer(envelope(id)))).toEqual(['queued', 'queued', 'full']);
    expect(intake.size).toBe(2);
    expect(intake.behind).toBe(true);
  });

  it('keeps a message once while it waits', () => {
    const intake = new Intake({ messages: 2, characters: 1_000 });
    intake.offer(envelope('a'));
    expect(intake.offer(envelope('a'))).toBe('known');
    intake.take(1);
    expect(intake.offer(envelope('a'))).toBe('queued');
  });

  it('gives the longest waiting first', () => {
    const intake = new Intake({ messages: 5, characters: 1_000 });
    for (const id of ['a', 'b', 'c']) intake.offer(envelope(id));
    expect(intake.take(2).map(({ id }) => id)).toEqual(['a', 'b']);
    expect(intake.take(2).map(({ id }) => id)).toEqual(['c']);
    expect(intake.take(2)).toEqual([]);
  });

  it('counts characters, too: a few large messages fill it', () => {
    const intake = new Intake({ messages: 10, characters: 10 });
    const large = (id: string): Envelope => ({ ...envelope(id), body: 'x'.repeat(6) });
    expect(['a', 'b', 'c'].map((id) => intake.offer(large(id)))).toEqual(['queued', 'queued', 'full']);
    intake.take(1);
    expect(intake.offer(large('c'))).toBe('queued');
  });

  it('gives an announcement whole if it fits, and in parts if it cannot', () => {
    const intake = new Intake({ messages: 10, characters: 1_000 });
    const announced = (...ids: string[]): void => {
      const announcement = { first: '1-1' as EntryId, size: ids.length };
      for (const id of ids) intake.offer({ ...envelope(id), announcement });
    };
    announced('a', 'b');
    announced('c', 'd', 'e');
    expect(intake.take(4).map(({ id }) => id)).toEqual(['a', 'b']);
    expect(intake.take(2).map(({ id }) => id)).toEqual(['c', 'd']);
    expect(intake.take(2).map(({ id }) => id)).toEqual(['e']);
  });

  it('forgets everything when cleared', () => {
    const intake = new Intake({ messages: 5, characters: 1_000 });
    intake.offer(envelope('a'));
    intake.clear();
    expect(intake.size).toBe(0);
    expect(intake.offer(envelope('a'))).toBe('queued');
  });
});
