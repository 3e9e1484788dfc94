// @ts-check
import { MomentReader } from '../lines/moment.mjs';
import { tokenOf } from '../lines/token.mjs';
import { IdDigest } from './id-digest.mjs';
import { printOf } from './line-print.mjs';

/** A log that is torn everywhere proves nothing anyway; what is torn about one message is a handful of lines. */
const MOST_MESSAGES = 10_000;
const MOST_OF_ONE = 100;

/** What a line says happened, when it is cut off before its event. @type {Readonly<Record<string, string>>} */
const EVENT_OF_OUTCOME = {
  confirmed: 'message.processed',
  rejected: 'message.rejected',
  dead: 'message.dead',
};
const SETTLEMENTS = new Set(['message.processed', 'message.rejected']);

/** What can be read of lines that are cut off and speak of a message. */
export class BrokenLines {
  /** By digest, and by what they say: the same half delivered twice says nothing more. @type {Map<string, Map<string, Record<string, string>>>} */
  #byMessage = new Map();
  /** Lines that speak of a settlement, and are not kept. */
  forgotten = 0;

  /**
   * @param {Record<string, string>} fields
   * @param {IdDigest} digest to write into
   */
  note(fields, digest) {
    const { messageId: id, outcome = '', event = EVENT_OF_OUTCOME[outcome] } = fields;
    if (id === undefined || event === undefined) return;
    const { text } = digest.of(id);
    const line = { ...fields, event };
    const says = JSON.stringify(line);
    const known = this.#byMessage.get(text);
    if (known?.has(says)) return;
    if (known ? known.size >= MOST_OF_ONE : this.#byMessage.size >= MOST_MESSAGES) {
      if (SETTLEMENTS.has(event)) this.forgotten += 1;
    } else if (known) known.set(says, line);
    else this.#byMessage.set(text, new Map([[says, line]]));
  }

  /** Messages of which there are any. */
  get size() {
    return this.#byMessage.size;
  }

  /** @param {string} digest */
  about(digest) {
    return [...(this.#byMessage.get(digest)?.values() ?? [])];
  }

  /** @returns {Generator<[string, Record<string, string>[]], void>} */
  *entries() {
    for (const [digest, lines] of this.#byMessage) yield [digest, [...lines.values()]];
  }
}

/**
 * What can be read of the lines about one message that are cut off.
 * @param {import('./reconciler.mjs').Reconciler} books
 * @param {string} digest
 * @param {string} [event]
 */
export function brokenAbout(books, digest, event) {
  const lines = books.broken.about(digest);
  return event === undefined ? lines : lines.filter((fields) => fields['event'] === event);
}

/**
 * A line of acceptance that is cut off before its channel is one of the channel on which its message is known.
 * @param {import('./reconciler.mjs').Reconciler} books
 * @param {string} orderChannel the channel of a message that is known nowhere
 */
export function placeAcceptances(books, orderChannel) {
  const digest = new IdDigest();
  for (const [, lines] of books.broken.entries()) {
    const torn = lines.find(({ event, channel }) => event === 'order.accepted' && channel === undefined);
    if (!torn) continue;
    const { messageId: id = '' } = torn;
    digest.of(id);
    const known = [...books.channels.values()].filter(({ accepted, groups }) => {
      const ofGroups = [...groups.values()];
      return (
        accepted.has(digest) || ofGroups.some(({ open, settled }) => open.has(id) || settled.has(digest))
      );
    });
    for (const name of known.length > 0 ? known.map((channel) => channel.name) : [orderChannel])
      books.takeImplied(id, name);
  }
}

/**
 * Half a line about a settlement that is not the one known: a second effect, perhaps.
 * @param {import('./reconciler.mjs').Reconciler} books
 */
export function judgeBrokenLines(books) {
  const moments = new MomentReader();
  const digest = new IdDigest();
  for (const [digestText, lines] of books.broken.entries()) {
    for (const fields of lines) {
      const { messageId: id = '', event = '' } = fields;
      if (!SETTLEMENTS.has(event)) continue;
      const settled = settlementsOf(books, fields, digest.of(id));
      if (settled.length === 0 || settled.some((entry) => isHalfOf(entry, fields, books, moments))) continue;
      books.findings.add({
        kind: 'unproven',
        digest: digestText,
        id,
        channel: undefined,
        group: undefined,
        detail: 'settled once, and a broken line speaks of another settlement',
      });
    }
  }
  const { forgotten } = books.broken;
  if (forgotten > 0) {
    books.findings.add({
      ...{ kind: 'unproven', digest: undefined, id: undefined, channel: undefined, group: undefined },
      detail: `${forgotten} more broken lines speak of a settlement: too many to tell which`,
    });
  }
}

/**
 * Whether a broken line is a part of the line of this settlement. A first half has its time, which no other settlement
 * by that pod shares; a second half has all that comes after it, and then nothing else may differ.
 * @param {import('./compact-table.mjs').Entry} entry
 * @param {Record<string, string>} fields
 * @param {import('./reconciler.mjs').Reconciler} books
 * @param {MomentReader} moments
 */
function isHalfOf({ at, pod, print }, fields, books, moments) {
  const { pod: podName, event = '', time, fencingToken: token, attempt, durationMs } = fields;
  if (podName !== undefined && books.pods.named(podName)?.number !== pod) return false;
  if (time !== undefined) return podName !== undefined && moments.read(time) === at;
  const { outcome = '', reason = '' } = fields;
  const numbers = { attempt: numberOf(attempt), durationMs: numberOf(durationMs) };
  return printOf({ event, at, token: tokenOf(token, ''), ...numbers, outcome, reason }, pod) === print;
}

/** @param {string | undefined} text */
const numberOf = (text) => (text === undefined ? undefined : Number(text));

/**
 * @param {import('./reconciler.mjs').Reconciler} books
 * @param {Record<string, string>} where its channel and group, as far as they can be read
 * @param {IdDigest} digest
 */
function settlementsOf(books, { channel, group }, digest) {
  return [...books.channels.values()]
    .filter(({ name }) => channel === undefined || channel === name)
    .flatMap(({ groups }) => [...groups.values()])
    .filter(({ name }) => group === undefined || group === name)
    .map(({ settled }) => settled.get(digest))
    .filter((entry) => entry !== undefined);
}
