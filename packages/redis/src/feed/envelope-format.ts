import { messageId, type EntryId, type Envelope, type Headers, type MessageId } from '@onlyonce/core';

/** What is published instead of messages when there is only something to read in the backlog. */
export const BELL = '1!';

export interface ParsedEnvelopes {
  readonly envelopes: readonly Envelope[];
  /** One shortened sample per line that is no envelope; at most `MOST_GARBAGE` of them. */
  readonly garbage: readonly string[];
}

const VERSION_LINE = '1\n';
/** Bounds what a hostile publisher makes us remember and log per publication. */
const MOST_GARBAGE = 100;
const SAMPLE_LENGTH = 120;
const NO_HEADERS: Headers = Object.freeze({});

const DIGIT_0 = 48;
const DIGIT_9 = 57;
const DASH = 45;

/**
 * Reads one publication. Version 1: the line `1`, then one line per message,
 *
 *     entryId <tab> id <tab> headersJson <tab> bodyJson
 *
 * separated by newlines, none at the end; JSON.stringify writes neither raw tabs nor raw newlines. Empty headersJson
 * stands for `{}`. The body stays text: only the pod that wins the message parses it.
 *
 * Never throws: whoever may publish can write anything here, and one bad line must not cost the good ones.
 * Every pod reads every message this way, tens of thousands per second, so the lines are cut by index.
 */
export function parseEnvelopes(text: string): ParsedEnvelopes {
  if (!text.startsWith(VERSION_LINE)) return { envelopes: [], garbage: [sample(text)] };
  const envelopes: Envelope[] = [];
  const garbage: string[] = [];
  let start = VERSION_LINE.length;
  while (start <= text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const envelope = parseLine(text, start, end);
    if (envelope) envelopes.push(envelope);
    else if (garbage.length < MOST_GARBAGE) garbage.push(sample(text.slice(start, end)));
    start = end + 1;
  }
  return { envelopes, garbage };
}

function parseLine(text: string, start: number, end: number): Envelope | undefined {
  const afterEntry = text.indexOf('\t', start);
  if (afterEntry < 0 || afterEntry >= end || !isEntryId(text, start, afterEntry)) return undefined;
  const afterId = text.indexOf('\t', afterEntry + 1);
  if (afterId < 0 || afterId >= end) return undefined;
  const afterHeaders = text.indexOf('\t', afterId + 1);
  // An empty body is no JSON, so something must follow the last tab.
  if (afterHeaders < 0 || afterHeaders + 1 >= end) return undefined;
  const id = checkedId(text.slice(afterEntry + 1, afterId));
  const headers = parseHeaders(text.slice(afterId + 1, afterHeaders));
  if (id === undefined || headers === undefined) return undefined;
  // Just checked for the form of a stream entry's id.
  const entryId = text.slice(start, afterEntry) as EntryId;
  return { id, entryId, headers, body: text.slice(afterHeaders + 1, end) };
}

/** `<digits>-<digits>`, by character: a regular expression would need a copy of the text first. */
function isEntryId(text: string, start: number, end: number): boolean {
  let dash = -1;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === DASH && dash < 0) dash = at;
    else if (code < DIGIT_0 || code > DIGIT_9) return false;
  }
  return dash > start && dash < end - 1;
}

function checkedId(text: string): MessageId | undefined {
  try {
    return messageId(text);
  } catch {
    return undefined;
  }
}

function parseHeaders(json: string): Headers | undefined {
  if (json === '' || json === '{}') return NO_HEADERS;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  return isHeaders(value) ? value : undefined;
}

function isHeaders(value: unknown): value is Headers {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((text) => typeof text === 'string');
}

function sample(text: string): string {
  return text.length > SAMPLE_LENGTH ? `${text.slice(0, SAMPLE_LENGTH)}...` : text;
}
