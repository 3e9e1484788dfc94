import type { Bell } from '@onlyonce/core';
import { garbageSample, MOST_GARBAGE, parseHeaders, parseId } from './feed-text.js';

export interface ParsedBells {
  readonly bells: readonly Bell[];
  /** One shortened sample per line that is no bell; at most `MOST_GARBAGE` of them. */
  readonly garbage: readonly string[];
}

const VERSION_LINE = '2\n';

/**
 * Reads one publication of bells. Version 2: the line `2`, then one line per message, `id <tab> headersJson`, separated by
 * newlines, none at the end. Never throws, and one bad line does not cost the good ones.
 */
export function parseBells(text: string): ParsedBells {
  if (!text.startsWith(VERSION_LINE)) return { bells: [], garbage: [garbageSample(text)] };
  const bells: Bell[] = [];
  const garbage: string[] = [];
  for (const line of text.slice(VERSION_LINE.length).split('\n')) {
    const bell = parseBell(line);
    if (bell) bells.push(bell);
    else if (garbage.length < MOST_GARBAGE) garbage.push(garbageSample(line));
  }
  return { bells, garbage };
}

function parseBell(line: string): Bell | undefined {
  const tab = line.indexOf('\t');
  if (tab < 0) return undefined;
  const id = parseId(line.slice(0, tab));
  const headers = parseHeaders(line.slice(tab + 1));
  return id === undefined || headers === undefined ? undefined : { id, headers };
}
