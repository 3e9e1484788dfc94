import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ScriptSpotter } from './script-spotter.mjs';

const SOURCE = '#!lua flags=allow-oom\n-- commit: apply effects\nreturn 1';
const DIGEST = createHash('sha1').update(SOURCE).digest('hex');
const spelled = (...words) =>
  Buffer.from(
    `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`,
  );

describe('ScriptSpotter', () => {
  it('learns the digest of a source that passes, and knows the script by it, in whatever parts the bytes come', () => {
    const digests = new Map();
    const spotter = new ScriptSpotter(digests);
    expect(spotter.read(spelled('EVALSHA', DIGEST, '0')).size).toBe(0);
    expect([...spotter.read(spelled('eval', SOURCE, '1', 'key'))]).toEqual(['commit']);
    expect(digests.get(DIGEST)).toBe('commit');
    const bytes = Buffer.concat([
      spelled('PING'),
      spelled('evalsha', DIGEST, '1', '*3\r\n$7\r\n'),
      spelled('GET', 'a'),
    ]);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const other = new ScriptSpotter(digests);
      const called = [...other.read(bytes.subarray(0, cut)), ...other.read(bytes.subarray(cut))];
      expect([cut, called]).toEqual([cut, ['commit']]);
    }
  });

  it('is not led astray by a text that looks like a call', () => {
    const spotter = new ScriptSpotter(new Map([[DIGEST, 'commit']]));
    const inside = spelled('EVALSHA', DIGEST, '0').toString();
    expect(spotter.read(spelled('SET', 'key', inside)).size).toBe(0);
  });
});
