// @ts-check

// What docker compose, kubectl and container runtimes put before a line. Anything else before a `{` is a text that
// quotes JSON, and a quotation is no evidence.
const COMPOSE = String.raw`(?:[A-Za-z0-9][\w.@-]*\s*\|\s?)?`;
const KUBECTL = String.raw`(?:\[[\w./-]+\]\s)?`;
const TIMESTAMP = String.raw`(?:\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?\s)?`;
const CRI = String.raw`(?:std(?:out|err)\s[FP]\s)?`;
const PREFIX = new RegExp(`^\\s*${COMPOSE}${KUBECTL}${TIMESTAMP}${CRI}\\s*$`);
// What is no text: colours; what clears a line (some versions of compose write that before every line, wherever they
// write to); zeros (a file that was cut to nothing while its writer went on); a byte order mark.
// eslint-disable-next-line no-control-regex -- what a terminal obeys begins with the escape character
const NO_TEXT = /\u001b\[[\d;?]*[A-Za-z]|[\r\0\uFEFF]/g;

/**
 * Where the JSON of a line begins.
 * @param {string} line
 * @returns {number} -1 when there is none, or something stands before it that no known tool writes
 */
export function jsonStart(line) {
  const start = line.indexOf('{');
  if (start <= 0) return start;
  const before = line.slice(0, start);
  return PREFIX.test(before.replaceAll(NO_TEXT, '')) ? start : -1;
}

/**
 * The name that compose or kubectl put before a line: the pod, when the line itself does not say.
 * @param {string} before
 * @returns {string | undefined}
 */
export function nameInPrefix(before) {
  const plain = before.replaceAll(NO_TEXT, '');
  const compose = /^\s*([A-Za-z0-9][\w.@-]*)\s*\|/.exec(plain);
  if (compose) return compose[1];
  return /^\s*\[pod\/([\w.-]+)/.exec(plain)?.[1];
}
