// @ts-check
import { ownText } from './own-text.mjs';

/**
 * A fencing token as decimal digits without leading zeros. Tokens may exceed 2^53, so they are never made numbers.
 * @param {unknown} value as parsed from JSON
 * @param {string} line where it stands, for tokens written as numbers too long for JavaScript
 * @returns {string | undefined} undefined when it is no token
 */
export function tokenOf(value, line) {
  if (typeof value === 'string') return canonical(value);
  if (typeof value !== 'number') return undefined;
  if (Number.isSafeInteger(value)) return value < 0 ? undefined : String(value);
  const digits = /"fencingToken"\s*:\s*(\d+)\s*[,}]/.exec(line);
  return digits?.[1] === undefined ? undefined : canonical(ownText(digits[1]));
}

/** @param {string} text */
function canonical(text) {
  if (!/^\d{1,40}$/.test(text)) return undefined;
  if (text.charCodeAt(0) !== 48 /* 0 */) return text;
  return text.replace(/^0+(?=\d)/, '');
}

/**
 * @param {string} one
 * @param {string} other
 * @returns {number} below 0 when `one` is the older token, 0 when they are the same
 */
export function compareTokens(one, other) {
  if (one.length !== other.length) return one.length - other.length;
  return one < other ? -1 : one > other ? 1 : 0;
}
