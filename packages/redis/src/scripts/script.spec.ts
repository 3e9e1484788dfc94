import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { loadScript, SCRIPT_NAMES } from './script.js';

const directory = new URL('../../lua/', import.meta.url);

/** The comment block at the top of a script: what it does, its KEYS, its ARGV, what it returns. */
function headerOf(source: string): string {
  const lines = source.split('\n').slice(1);
  const end = lines.findIndex((line) => !line.startsWith('--'));
  return lines.slice(0, end).join('\n');
}

function indexes(text: string, table: 'KEYS' | 'ARGV'): number[] {
  return [...text.matchAll(new RegExp(`${table}\\[(\\d+)\\]`, 'g'))].map((match) => Number(match[1]));
}

describe('scripts', () => {
  it('has a file for every name, and a name for every file', () => {
    const files = readdirSync(directory).filter((name) => name.endsWith('.lua'));
    expect(files.map((name) => name.replace('.lua', '')).sort()).toEqual([...SCRIPT_NAMES].sort());
  });

  describe.each(SCRIPT_NAMES)('%s', (name) => {
    const { source } = loadScript(name);
    const header = headerOf(source);
    const body = source.slice(source.indexOf(header) + header.length);

    it('says first what it is for', () => {
      expect(header.split('\n')[0]).toMatch(new RegExp(`^-- ${name}: .+`));
      expect(header).toMatch(/Returns/);
    });

    it('uses no key that its header does not declare', () => {
      const declared = Math.max(...indexes(header, 'KEYS'));
      const open = header.includes('KEYS[2..]');
      for (const index of indexes(body, 'KEYS')) if (!open) expect(index).toBeLessThanOrEqual(declared);
      expect(declared).toBeGreaterThanOrEqual(1);
    });

    it('derives keys only under names that its header lists', () => {
      const derives = header.replaceAll('\n-- ', ' ');
      for (const [, key] of body.matchAll(/(?:prefix|KEYS\[1\]) \.\. '([a-z-]+)/g)) {
        if (key === undefined || key === '' || INCLUDED.has(key)) continue;
        expect(`${name} derives ${derives}`).toContain(key);
      }
    });

    it('leaves no include unresolved', () => {
      expect(source).not.toContain('--@include');
    });

    it('may run on a full store, unless it takes in new messages', () => {
      expect(source.startsWith('#!lua flags=allow-oom')).toBe(name !== 'publish');
    });
  });
});

/** Derived by append.lua from an outbound channel's prefix, and listed in the header of whoever includes it; bell is no key. */
const INCLUDED = new Set(['groups', 'unrouted', 'last', 'bell']);
