import { messageId, type Headers, type MessageId } from '@onlyonce/core';

/** Bounds what a hostile publisher makes us remember and log per publication. */
export const MOST_GARBAGE = 100;
const SAMPLE_LENGTH = 120;
const NO_HEADERS: Headers = Object.freeze({});

/** The start of something that cannot be read. */
export function garbageSample(text: string): string {
  return text.length > SAMPLE_LENGTH ? `${text.slice(0, SAMPLE_LENGTH)}...` : text;
}

/** undefined when it is no id. */
export function parseId(text: string): MessageId | undefined {
  try {
    return messageId(text);
  } catch {
    return undefined;
  }
}

/** undefined when it is no JSON object of texts. */
export function parseHeaders(json: string): Headers | undefined {
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
