import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BELL, parseEnvelopes } from './envelope-format.js';

const line = (...parts: string[]) => parts.join('\t');
const good = line('1700000000000-0', 'order-1', '', '{"a":1}');

describe('parseEnvelopes', () => {
  test('one publication carries many messages', () => {
    const text = [
      '1',
      line('1-0', 'a', '{"traceparent":"00-1"}', '{"x":"\\t"}'),
      line('1-1', 'b', '', '[]'),
    ].join('\n');
    expect(parseEnvelopes(text)).toEqual({
      envelopes: [
        { entryId: '1-0', id: 'a', headers: { traceparent: '00-1' }, body: '{"x":"\\t"}' },
        { entryId: '1-1', id: 'b', headers: {}, body: '[]' },
      ],
      garbage: [],
    });
  });

  test.each([
    ['no tab', 'hello'],
    ['an empty line', ''],
    ['too few parts', line('1-0', 'a', '{}')],
    ['an entry id without a sequence', line('1-', 'a', '', '1')],
    ['an entry id without a time', line('-1', 'a', '', '1')],
    ['an entry id of letters', line('x-1', 'a', '', '1')],
    ['two dashes in the entry id', line('1-1-1', 'a', '', '1')],
    ['no entry id', line('', 'a', '', '1')],
    ['no id', line('1-0', '', '', '1')],
    ['an id with a space', line('1-0', 'a b', '', '1')],
    ['an id with a control character', line('1-0', 'a\u0000', '', '1')],
    ['an id that is too long', line('1-0', 'a'.repeat(201), '', '1')],
    ['headers that are no JSON', line('1-0', 'a', '{', '1')],
    ['headers that are a list', line('1-0', 'a', '["x"]', '1')],
    ['headers that are null', line('1-0', 'a', 'null', '1')],
    ['headers that hold a number', line('1-0', 'a', '{"x":1}', '1')],
    ['an empty body', line('1-0', 'a', '', '')],
  ])('%s is garbage and costs its neighbours nothing', (_, bad) => {
    const { envelopes, garbage } = parseEnvelopes(['1', good, bad, good].join('\n'));
    expect(envelopes).toHaveLength(2);
    expect(garbage).toEqual([bad.length > 120 ? `${bad.slice(0, 120)}...` : bad]);
  });

  test.each(['', '1', '2', BELL, 'hello', `2\n${good}`, `11\n${good}`, good])(
    '%j is no version 1',
    (text) => {
      expect(parseEnvelopes(text)).toEqual({ envelopes: [], garbage: [text] });
    },
  );

  test('a line end after the last message is reported, the messages are kept', () => {
    const { envelopes, garbage } = parseEnvelopes(`1\n${good}\n`);
    expect([envelopes.length, garbage]).toEqual([1, ['']]);
  });

  test('a header named __proto__ is a header', () => {
    const [envelope] = parseEnvelopes(`1\n${line('1-0', 'a', '{"__proto__":"x"}', '1')}`).envelopes;
    expect(Object.entries(envelope?.headers ?? {})).toEqual([['__proto__', 'x']]);
  });

  test('a flood of garbage is not remembered whole', () => {
    expect(parseEnvelopes(`1\n${'x\n'.repeat(10_000)}`).garbage).toHaveLength(100);
  });

  test('whatever is written as messages is read as the same messages', () => {
    const message = fc.record({
      entryId: fc.tuple(fc.nat(), fc.nat()).map(([ms, sequence]) => `${ms}-${sequence}`),
      id: fc.string({
        minLength: 1,
        maxLength: 200,
        unit: fc.constantFrom(...Array.from('abcXYZ019-_.:/{}"\\\u00e9\u4e2d')),
      }),
      headers: fc.dictionary(fc.string(), fc.string()),
      body: fc.json(),
    });
    fc.assert(
      fc.property(fc.array(message, { minLength: 1 }), (messages) => {
        const lines = messages.map(({ entryId, id, headers, body }) =>
          // As JSON.stringify writes it: without white space between tokens.
          line(entryId, id, JSON.stringify(headers), JSON.stringify(JSON.parse(body))),
        );
        const { envelopes, garbage } = parseEnvelopes(['1', ...lines].join('\n'));
        expect(garbage).toEqual([]);
        expect(
          envelopes.map(({ id, entryId, headers }) => ({ id, entryId, headers: { ...headers } })),
        ).toEqual(messages.map(({ id, entryId, headers }) => ({ id, entryId, headers: { ...headers } })));
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
        const text = `1\n${parts.join('')}`;
        const { envelopes, garbage } = parseEnvelopes(text);
        expect(envelopes.length + garbage.length).toBe(text.split('\n').length - 1);
      }),
      { numRuns: 2_000 },
    );
  });
});
