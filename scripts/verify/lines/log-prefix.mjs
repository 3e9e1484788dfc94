// @ts-check

// What docker compose, kubectl and container runtimes put before a line. Anything else before a `{` is a text that
// quotes JSON, and a quotation is no evidence.
const COMPOSE = String.raw`(?:[A-Za-z0-9][\w.-]*\s*\|\s?)?`;
const KUBECTL = String.raw`(?:\[[\w./-]+\]\s)?`;
const TIMESTAMP = String.raw`(?:\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?\s)?`;
const CRI = String.raw`(?:std(?:out|err)\s[FP]\s)?`;
const PREFIX = new RegExp(`^\\s*${COMPOSE}${KUBECTL}${TIMESTAMP}${CRI}\\s*$`);
// eslint-disable-next-line no-control-regex -- colours of a terminal begin with the escape character
const COLOURS = /\u001b\[[\d;]*m/g;

/**
 * Where the JSON of a line begins.
 * @param {string} line
 * @returns {number} -1 when there is none, or something stands before it that no known tool writes
 */
export function jsonStart(line) {
  const start = line.indexOf('{');
  if (start <= 0) return start;
  const before = line.slice(0, start);
  // A byte order mark at the head of a file is no text.
  if (before === '\uFEFF') return start;
  return PREFIX.test(before.includes('\u001b') ? before.replaceAll(COLOURS, '') : before) ? start : -1;
}

/**
 * The name that compose or kubectl put before a line: the pod, when the line itself does not say.
 * @param {string} before
 * @returns {string | undefined}
 */
export function nameInPrefix(before) {
  const plain = before.replaceAll(COLOURS, '');
  const compose = /^\s*([A-Za-z0-9][\w.-]*)\s*\|/.exec(plain);
  if (compose) return compose[1];
  return /^\s*\[pod\/([\w.-]+)/.exec(plain)?.[1];
}
