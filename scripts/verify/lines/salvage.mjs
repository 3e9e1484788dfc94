// @ts-check
import { ownText } from './own-text.mjs';

// How our lines begin, or what Docker's json-file driver writes around them. Only at such a place another line may begin
// inside a broken one: in a text they are escaped.
const BEGINNING = /\{"(?:level|time|service|event|messageId|pod|log)":/g;

/** So many characters are looked through in any line. */
const LEAST_BUDGET = 1_000_000;

/**
 * Whole objects inside a line that as a whole is no JSON: a pod that is killed leaves half a line, and the next one
 * goes on behind it; two writers without a lock write into each other.
 * @param {string} line
 * @returns {string[]} texts that are JSON objects, in their order
 */
export function wholeObjectsIn(line) {
  const found = [];
  let budget = LEAST_BUDGET + 4 * line.length;
  BEGINNING.lastIndex = 0;
  for (let match = BEGINNING.exec(line); match; match = BEGINNING.exec(line)) {
    // Beginnings without an end would each be looked through to the end of the line.
    if (budget <= 0) break;
    const end = endOfObject(line, match.index);
    budget -= (end < 0 ? line.length : end) - match.index;
    if (end < 0) continue;
    const text = line.slice(match.index, end);
    if (!isObject(text)) continue;
    found.push(text);
    BEGINNING.lastIndex = end;
  }
  return found;
}

/**
 * @param {string} text
 * @param {number} from
 * @returns {number} behind the brace that closes the one at `from`, or -1
 */
function endOfObject(text, from) {
  let depth = 0;
  let inString = false;
  for (let at = from; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (inString) {
      if (char === 92 /* \ */) at += 1;
      else if (char === 34 /* " */) inString = false;
    } else if (char === 34) inString = true;
    else if (char === 123 /* { */) depth += 1;
    else if (char === 125 /* } */ && --depth === 0) return at + 1;
  }
  return -1;
}

/** @param {string} text */
function isObject(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const TEXTS = [
  ...['time', 'pod', 'event', 'messageId', 'channel', 'group', 'service', 'fencingToken'],
  ...['attempt', 'durationMs', 'outcome', 'reason'],
].map((name) => ({
  name,
  pattern: new RegExp(`"${name}":(?:"((?:[^"\\\\]|\\\\.)*)"|(\\d+(?:\\.\\d+)?)[,}])`, 'g'),
}));

/**
 * What can be read of a line that is cut off: the fields on this side of the cut.
 * @param {string} line
 * @returns {Record<string, string>}
 */
export function readableFields(line) {
  /** @type {Record<string, string>} */
  const fields = {};
  for (const { name, pattern } of TEXTS) {
    // The last one: of a line in which two are mixed up, the later is the one that is cut off.
    const last = [...line.matchAll(pattern)].at(-1);
    if (last) fields[name] = last[2] === undefined ? unescaped(last[1] ?? '') : ownText(last[2]);
  }
  return fields;
}

/** @param {string} text between the quotes */
function unescaped(text) {
  try {
    return text.includes('\\') ? JSON.parse(`"${text}"`) : ownText(text);
  } catch {
    return ownText(text);
  }
}
