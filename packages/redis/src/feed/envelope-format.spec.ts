import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DOORBELL, parseEnvelopes } from './envelope-format.js';

const line = (...parts: string[]) => parts.join('\t');
const good = line('s1 f', 'order-1', '', '{"a":1}');

describe('parseEnvelopes', () => {
  test('one publication carries many messages, whose entries follow the first', () => {
    const text = [
      '2 17-8',
      line('s1 f', 'a', '{"traceparent":"00-1"}', '{"x":"\\t"}'),
      line('h1 g', 'b', '', '[]'),
    ].join('\n');
    const announcement = { first: '17-8', size: 2 };
    expect(parseEnvelopes(text)).toEqual({
      envelopes: [
        { entryId: '17-8', id: 'a', headers: { traceparent: '00-1' }, body: '{"x":"\\t"}', announcement },
        { entryId: '17-9', id: 'b', headers: {}, body: '[]', announcement },
      ],
      garbage: [],
    });
  });

  test.each([
    ['no tab', 'hello'],
    ['an empty line', ''],
    ['too few parts', line('s1 f', 'a', '{}')],
    ['no id', line('s1 f', '', '', '1')],
    ['an id with a space', line('s1 f', 'a b', '', '1')],
    ['an id with a control character', line('s1 f', 'a\u0000', '', '1')],
    ['an id that is too long', line('s1 f', 'a'.repeat(201), '', '1')],
    ['headers that are no JSON', line('s1 f', 'a', '{', '1')],
    ['headers that are a list', line('s1 f', 'a', '["x"]', '1')],
    ['headers that are null', line('s1 f', 'a', 'null', '1')],
    ['headers that hold a number', line('s1 f', 'a', '{"x":1}', '1')],
    ['an empty body', line('s1 f', 'a', '', '')],
  ])('%s is garbage and costs its neighbours nothing, not even their entries', (_, bad) => {
    const { envelopes, garbage } = parseEnvelopes(['2 1-0', good, bad, good].join('\n'));
    expect(envelopes.map(({ entryId }) => entryId)).toEqual(['1-0', '1-2']);
    expect(garbage).toEqual([bad.length > 120 ? `${bad.slice(0, 120)}...` : bad]);
  });

  test('an announcement with a line that cannot be read is never heard as a whole', () => {
    const { envelopes } = parseEnvelopes(['2 1-0', good, 'rubbish'].join('\n'));
    expect([envelopes.length, envelopes[0]?.announcement?.size]).toEqual([1, 2]);
  });

  test.each([
    '',
    '1',
    '2',
    DOORBELL,
    'hello',
    `1\n${good}`,
    `2\n${good}`,
    `22 1-0\n${good}`,
    `2 1-\n${good}`,
    `2 -1\n${good}`,
    `2 x-1\n${good}`,
    `2 1-1-1\n${good}`,
    `2 1-0 ${good}`,
    good,
  ])('%j is no version 2', (text) => {
    expect(parseEnvelopes(text)).toEqual({ envelopes: [], garbage: [text] });
  });

  test('a line end after the last message is reported, the messages are kept', () => {
    const { envelopes, garbage } = parseEnvelopes(`2 1-0\n${good}\n`);
    expect([envelopes.length, garbage]).toEqual([1, ['']]);
  });

  test('a header named __proto__ is a header', () => {
    const [envelope] = parseEnvelopes(`2 1-0\n${line('s1 f', 'a', '{"__proto__":"x"}', '1')}`).envelopes;
    expect(Object.entries(envelope?.headers ?? {})).toEqual([['__proto__', 'x']]);
  });

  test('a flood of garbage is not remembered whole', () => {
    expect(parseEnvelopes(`2 1-0\n${'x\n'.repeat(10_000)}`).garbage).toHaveLength(100);
  });

  test('whatever is written as messages is read as the same messages', () => {
    const message = fc.record({
      id: fc.string({
        minLength: 1,
        maxLength: 200,
        unit: fc.constantFrom(...Array.from('abcXYZ019-_.:/{}"\\\u00e9\u4e2d')),
      }),
      headers: fc.dictionary(fc.string(), fc.string()),
      body: fc.json(),
    });
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.array(message, { minLength: 1 }), (ms, sequence, messages) => {
        const lines = messages.map(({ id, headers, body }) =>
          // As JSON.stringify writes it: without white space between tokens.
          line('s1 f', id, JSON.stringify(headers), JSON.stringify(JSON.parse(body))),
        );
        const { envelopes, garbage } = parseEnvelopes([`2 ${ms}-${sequence}`, ...lines].join('\n'));
        expect(garbage).toEqual([]);
        expect(
          envelopes.map(({ id, entryId, headers }) => ({ id, entryId, headers: { ...headers } })),
        ).toEqual(
          messages.map(({ id, headers }, at) => ({
            id,
            entryId: `${ms}-${sequence + at}`,
            headers: { ...headers },
          })),
        );
        expect(envelopes.map(({ body }) => JSON.parse(body) as unknown)).toEqual(
          messages.map(({ body }) => JSON.parse(body) as unknown),
        );
      }),
    );
  });

  test('no text makes it throw, and every line is accounted for', () => {
    const fragment = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\t', '\n', '1', '-', '1-0', '{}', '!', '"', '\r', '\u0000'),
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 40 }), (parts) => {
        const text = `2 1-0\n${parts.join('')}`;
        const { envelopes, garbage } = parseEnvelopes(text);
        expect(envelopes.length + garbage.length).toBe(text.split('\n').length - 1);
      }),
      { numRuns: 2_000 },
    );
  });
});
