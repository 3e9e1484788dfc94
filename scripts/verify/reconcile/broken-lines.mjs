// @ts-check
import { MomentReader } from '../lines/moment.mjs';
import { IdDigest } from './id-digest.mjs';

/**
 * What can be read of the lines about one message that are cut off.
 * @param {import('./reconciler.mjs').Reconciler} books
 * @param {string} digest
 * @param {string} [event]
 */
export function brokenAbout(books, digest, event) {
  const lines = books.broken.get(digest) ?? [];
  return event === undefined ? lines : lines.filter((fields) => fields['event'] === event);
}

/**
 * Half a line about a settlement that is not the one known: a second effect, perhaps.
 * @param {import('./reconciler.mjs').Reconciler} books
 */
export function judgeBrokenLines(books) {
  const moments = new MomentReader();
  const digest = new IdDigest();
  for (const [digestText, lines] of books.broken) {
    for (const fields of lines) {
      const { messageId: id = '', event = '', pod: podName = '', time } = fields;
      if (event !== 'message.processed' && event !== 'message.rejected') continue;
      const pod = books.pods.named(podName)?.number;
      const at = moments.read(time);
      const settled = settlementsOf(books, fields, digest.of(id));
      if (settled.length === 0 || settled.some((entry) => entry.at === at && entry.pod === pod)) continue;
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
}

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
