import type { Headers } from '@onlyonce/core';

/** '' for no headers: most messages of an untraced system have none. */
export function headersText(headers: Headers): string {
  return Object.keys(headers).length === 0 ? '' : JSON.stringify(headers);
}

/** Headers as they stand in the log. What cannot be read is left out: a broken trace must not hold up a message. */
export function headersFrom(text: string): Headers {
  if (text === '') return {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) return {};
    return Object.fromEntries(Object.entries(parsed).filter(([, value]) => typeof value === 'string'));
  } catch {
    return {};
  }
}
