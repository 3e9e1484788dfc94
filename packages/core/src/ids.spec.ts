import { describe, expect, it } from '@jest/globals';
import { checkedName, messageId, publishedAtMs, type EntryId } from './ids.js';

describe('messageId', () => {
  it.each(['a', 'order-1', '{x}:|*"\\', 'é漢😀', 'x'.repeat(200)])('accepts %s', (text) => {
    expect(messageId(text)).toBe(text);
  });
  it.each(['', ' ', 'a b', 'a\n', 'a\u0000', '\u007f', 'x'.repeat(201)])('refuses %j', (text) => {
    expect(() => messageId(text)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', field: 'messageId' }),
    );
  });
});

describe('checkedName', () => {
  it('accepts what can be a part of a key', () => {
    expect(checkedName('channel', 'order_updates.v1-EU')).toBe('order_updates.v1-EU');
  });
  it.each(['', 'a:b', 'a{b', 'a}b', 'a|b', 'a b', 'é', 'x'.repeat(65)])(
    'refuses %j, and names the field',
    (text) => {
      expect(() => checkedName('group', text)).toThrow(expect.objectContaining({ field: 'group' }));
    },
  );
});

describe('publishedAtMs', () => {
  it('is the time that an entry id begins with, and undefined for ids that tell none', () => {
    expect(publishedAtMs('1763719139000-7' as EntryId)).toBe(1_763_719_139_000);
    for (const id of ['', '-1', 'abc', '17x-1', '17']) expect(publishedAtMs(id as EntryId)).toBeUndefined();
  });
});
