// @ts-check
import { EVENTS, factOf, isOurs } from './fact.mjs';
import { jsonStart, nameInPrefix } from './log-prefix.mjs';
import { MomentReader } from './moment.mjs';
import { readableFields, wholeObjectsIn } from './salvage.mjs';

/**
 * What a line turned out to be.
 * fact: something happened to a message or a pod; own: another line of ours; foreign: not ours; broken: ours, but cut
 * off or mixed up, with the fields that can still be read; blank: nothing.
 * @typedef {{ kind: 'fact', fact: import('./fact.mjs').Fact }
 *   | { kind: 'broken', fields: Record<string, string> }
 *   | { kind: 'own' | 'foreign' | 'blank' }} Reading
 */

const OWN = /** @type {const} */ ({ kind: 'own' });
const FOREIGN = /** @type {const} */ ({ kind: 'foreign' });
const BLANK = /** @type {const} */ ({ kind: 'blank' });

/** Reads the lines of one source. Never throws. */
export class LineReader {
  #moments = new MomentReader();

  /**
   * @param {string} line
   * @returns {Reading[]} usually one; more when whole lines stand inside a broken one
   */
  read(line) {
    const start = jsonStart(line);
    if (start < 0) return [line.trim() === '' ? BLANK : this.#unreadable(line)];
    const text = start === 0 ? line : line.slice(start);
    /** @type {unknown} */
    let parsed;
    try {
      parsed = JSON.parse(text);
    } catch {
      return this.#broken(text);
    }
    return this.#object(/** @type {Record<string, unknown>} */ (parsed), text, line.slice(0, start));
  }

  /**
   * @param {Record<string, unknown>} fields
   * @param {string} text
   * @param {string} before
   * @returns {Reading[]}
   */
  #object(fields, text, before) {
    const inner = wrapped(fields);
    if (inner !== undefined) return this.read(inner);
    // Once: what is exported is a line, not an export.
    return [this.#line(fromDatadog(fields) ?? fields, text, before)];
  }

  /**
   * @param {Record<string, unknown>} fields
   * @param {string} text
   * @param {string} before
   * @returns {Reading}
   */
  #line(fields, text, before) {
    const event = fields['event'];
    if (typeof event !== 'string' || !EVENTS.has(event)) return isOurs(fields) ? OWN : FOREIGN;
    const fact = factOf(fields, text, this.#moments);
    if (!fact) return { kind: 'broken', fields: readableFields(text) };
    if (fact.pod === '' && before !== '') fact.pod = nameInPrefix(before) ?? '';
    return { kind: 'fact', fact };
  }

  /**
   * @param {string} text
   * @returns {Reading[]}
   */
  #broken(text) {
    if (!/"(?:level|event|service|messageId|pod)\\?"/.test(text)) return [FOREIGN];
    const whole = wholeObjectsIn(text);
    const torn = whole.reduce((left, part) => left.replace(part, ''), text);
    const readings = whole.flatMap((part) => this.#object(JSON.parse(part), part, ''));
    // Two whole lines without a newline between them lost nothing.
    if (torn.trim() === '') return readings;
    return [{ kind: 'broken', fields: readableFields(unquoted(torn)) }, ...readings];
  }

  /**
   * A line that does not begin as any tool writes it: the second half of a torn one, or somebody else's.
   * @param {string} line
   * @returns {Reading}
   */
  #unreadable(line) {
    if (!/"(?:event|messageId)":"/.test(line) || !isTail(line)) return FOREIGN;
    return { kind: 'broken', fields: readableFields(line) };
  }
}

/**
 * Whether a text can be the end of an object: it closes more than it opens. A text that quotes a line does not.
 * @param {string} text
 */
const isTail = (text) => !text.includes('{') || text.split('}').length > text.split('{').length;

/**
 * Of half of what Docker's json-file driver writes, the quoting that it added is taken away.
 * @param {string} text
 */
const unquoted = (text) => (/^\s*\{"log":"/.test(text) ? text.replaceAll(/\\(["\\])/g, '$1') : text);

/**
 * The line inside what Docker's json-file driver writes.
 * @param {Record<string, unknown>} fields
 */
function wrapped(fields) {
  const { log, stream } = fields;
  return typeof log === 'string' && typeof stream === 'string' ? log : undefined;
}

/**
 * The line inside an event as Datadog exports it: `{ id, attributes: { service, timestamp, attributes: { ... } } }` by
 * its API, `{ _id, date, service, attributes: { ... } }` in its archives.
 * @param {Record<string, unknown>} fields
 * @returns {Record<string, unknown> | undefined} undefined when it is none
 */
function fromDatadog(fields) {
  const { attributes: outer } = fields;
  if (!isObject(outer) || 'event' in fields || !('id' in fields || '_id' in fields)) return undefined;
  const { attributes: inner } = outer;
  const [about, own] = isObject(inner) ? [outer, inner] : [fields, outer];
  const { service, status, timestamp, date } = about;
  return { level: status, time: timestamp ?? date, service, ...own };
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
