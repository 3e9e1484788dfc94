import { describe, expect, test } from '@jest/globals';
import { parseBells } from './bell-format.js';

describe('parseBells', () => {
  test('a line per message: its id, and what else travels with it', () => {
    expect(parseBells('2\na\t\nb\t{"traceparent":"00-1"}')).toEqual({
      bells: [
        { id: 'a', headers: {} },
        { id: 'b', headers: { traceparent: '00-1' } },
      ],
      garbage: [],
    });
  });

  test.each(['no tab', '', '\t', 'a b\t', 'a\t{', 'a\t[]'])(
    '%j is garbage, its neighbours are heard',
    (bad) => {
      const { bells, garbage } = parseBells(`2\na\t\n${bad}\nb\t`);
      expect([bells.map(({ id }) => id), garbage]).toEqual([['a', 'b'], [bad]]);
    },
  );

  test.each(['', '2', '1\na\t', '2 1-0\ns1 f\ta\t\t1', '1!'])('%j is no version 2 of bells', (text) => {
    expect(parseBells(text)).toEqual({ bells: [], garbage: [text] });
  });

  test('a flood of garbage is not remembered whole', () => {
    expect(parseBells(`2\n${'x\n'.repeat(10_000)}`).garbage).toHaveLength(100);
  });
});
