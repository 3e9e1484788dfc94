import { describe, expect, it } from '@jest/globals';
import { eventually } from '@onlyonce/testing';
import { LineWriter } from './line-writer.js';

/** A file descriptor whose reader takes so many bytes at a time, and sometimes none. */
function pipe(accepts: () => number) {
  const writes: string[] = [];
  const write = (_fd: number, bytes: Buffer): number => {
    const taken = Math.min(accepts(), bytes.length);
    if (taken === 0) throw Object.assign(new Error('busy'), { code: 'EAGAIN' });
    writes.push(bytes.toString('utf8', 0, taken));
    return taken;
  };
  return { writes, write };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('LineWriter', () => {
  it('writes the lines of one turn in one go, before the next turn', async () => {
    const { writes, write } = pipe(() => Infinity);
    const writer = new LineWriter(1, write);
    writer.write('a\n');
    await Promise.resolve();
    writer.write('b\n');
    expect(writes).toEqual([]);
    await nextTurn();
    expect(writes).toEqual(['a\nb\n']);
  });

  it('goes on where a full pipe stopped it, in order, without blocking', async () => {
    let open = false;
    const { writes, write } = pipe(() => (open ? 3 : 0));
    const writer = new LineWriter(1, write);
    writer.write('first\n');
    await nextTurn();
    writer.write('second\n');
    await nextTurn();
    expect(writes).toEqual([]);
    open = true;
    await eventually(() => expect(writes.join('')).toBe('first\nsecond\n'));
  });

  it('writes what is left when the process ends', () => {
    let refusals = 3;
    const { writes, write } = pipe(() => (refusals-- > 0 ? 0 : Infinity));
    const writer = new LineWriter(1, write);
    writer.write('last words\n');
    writer.flushSync();
    expect(writes).toEqual(['last words\n']);
  });

  it('does not end the process when nobody reads any more', () => {
    const writer = new LineWriter(1, () => {
      throw Object.assign(new Error('broken pipe'), { code: 'EPIPE' });
    });
    writer.write('unheard\n');
    expect(() => writer.flushSync()).not.toThrow();
  });
});
