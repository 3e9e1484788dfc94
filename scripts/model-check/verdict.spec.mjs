import { describe, expect, it } from '@jest/globals';
import { readVerdict } from './verdict.mjs';

const output = (...lines) => lines.join('\n');

describe('readVerdict', () => {
  it('reads that nothing was found', () => {
    expect(
      readVerdict(output('State-vector 72 byte, depth reached 149, errors: 0', '  2196795 states, stored')),
    ).toEqual({ errors: 0, states: 2196795, what: '', complete: true });
  });

  it('reads what was violated', () => {
    const found = readVerdict(
      output(
        'pan:1: assertion violated (effects<=1) (at depth 27)',
        'depth reached 27, errors: 1',
        ' 15 states, stored',
      ),
    );
    expect(found).toMatchObject({ errors: 1, what: '(effects<=1)' });
  });

  it.each(['error: max search depth too small', 'Warning: Search not completed', 'pan: out of memory'])(
    'says that not everything was looked at: %s',
    (line) => {
      expect(readVerdict(output(line, 'errors: 0', ' 15 states, stored')).complete).toBe(false);
    },
  );

  it('refuses what is no verdict', () => {
    expect(() => readVerdict('Segmentation fault')).toThrow('not the output of a verifier made by Spin');
  });
});
