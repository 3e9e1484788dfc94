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
    const intake = new Intake(2);
    expect(['a', 'b', 'c'].map((id) => intake.offer(envelope(id)))).toEqual(['queued', 'queued', 'full']);
    expect(intake.size).toBe(2);
    expect(intake.behind).toBe(true);
  });

  it('keeps a message once while it waits', () => {
    const intake = new Intake(2);
    intake.offer(envelope('a'));
    expect(intake.offer(envelope('a'))).toBe('known');
    intake.take(1);
    expect(intake.offer(envelope('a'))).toBe('queued');
  });

  it('gives the longest waiting first', () => {
    const intake = new Intake(5);
    for (const id of ['a', 'b', 'c']) intake.offer(envelope(id));
    expect(intake.take(2).map(({ id }) => id)).toEqual(['a', 'b']);
    expect(intake.take(2).map(({ id }) => id)).toEqual(['c']);
    expect(intake.take(2)).toEqual([]);
  });

  it('forgets everything when cleared', () => {
    const intake = new Intake(5);
    intake.offer(envelope('a'));
    intake.clear();
    expect(intake.size).toBe(0);
    expect(intake.offer(envelope('a'))).toBe('queued');
  });
});
