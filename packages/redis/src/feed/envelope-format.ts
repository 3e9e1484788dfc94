import type { Announcement, EntryId, Envelope } from '@onlyonce/core';
import { garbageSample, MOST_GARBAGE, parseHeaders, parseId } from './feed-text.js';

/** What is published instead of messages when there is only something to read in the backlog. */
export const DOORBELL = '1!';

export interface ParsedEnvelopes {
  readonly envelopes: readonly Envelope[];
  /** One shortened sample per line that is no envelope; at most `MOST_GARBAGE` of them. */
  readonly garbage: readonly string[];
}

const HEAD = /^2 (\d+)-(\d+)\n/;

/**
 * Reads one publication. Version 2: the line `2 <entry id of the first message>`, then one line per message as the
 * backlog has it,
 *
 *     bucket field <tab> id <tab> headersJson <tab> bodyJson
 *
 * separated by newlines, none at the end; JSON.stringify writes neither raw tabs nor raw newlines. The entry ids of the
 * others follow the first. Empty headersJson stands for `{}`. The body stays text: only the pod that wins the message
 * parses it. Where the id is remembered, a pod works out for itself.
 *
 * Never throws: whoever may publish can write anything here, and one bad line must not cost the good ones.
 * Every pod reads every message this way, tens of thousands per second, so the lines are cut by index.
 */
export function parseEnvelopes(text: string): ParsedEnvelopes {
  const head = HEAD.exec(text);
  if (!head) return { envelopes: [], garbage: [garbageSample(text)] };
  const [{ length }, time = '', sequence = ''] = head;
  const announcement = { first: `${time}-${sequence}` as EntryId, size: 0 };
  const envelopes: Envelope[] = [];
  const garbage: string[] = [];
  let start = length;
  while (start <= text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const entryId = `${time}-${Number(sequence) + announcement.size}` as EntryId;
    const envelope = parseLine(text, start, end, entryId, announcement);
    if (envelope) envelopes.push(envelope);
    else if (garbage.length < MOST_GARBAGE) garbage.push(garbageSample(text.slice(start, end)));
    announcement.size += 1;
    start = end + 1;
  }
  return { envelopes, garbage };
}

// eslint-disable-next-line no-restricted-syntax -- a line, and what it cannot say itself
function parseLine(
  text: string,
  start: number,
  end: number,
  entryId: EntryId,
  announcement: Announcement,
): Envelope | undefined {
  const afterAddress = text.indexOf('\t', start);
  if (afterAddress < 0 || afterAddress >= end) return undefined;
  const afterId = text.indexOf('\t', afterAddress + 1);
  if (afterId < 0 || afterId >= end) return undefined;
  const afterHeaders = text.indexOf('\t', afterId + 1);
  // An empty body is no JSON, so something must follow the last tab.
  if (afterHeaders < 0 || afterHeaders + 1 >= end) return undefined;
  const id = parseId(text.slice(afterAddress + 1, afterId));
  const headers = parseHeaders(text.slice(afterId + 1, afterHeaders));
  if (id === undefined || headers === undefined) return undefined;
  return { id, entryId, headers, body: text.slice(afterHeaders + 1, end), announcement };
}
