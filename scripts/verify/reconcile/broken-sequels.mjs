// @ts-check
import { MomentReader } from '../lines/moment.mjs';
import { compareTokens, tokenOf } from '../lines/token.mjs';
import { brokenAbout } from './broken-lines.mjs';
import { SETTLED } from './group-ledger.mjs';
import { newest } from './history.mjs';
import { IdDigest } from './id-digest.mjs';
import { isOver } from './judge-deaths.mjs';

/**
 * @typedef {import('./reconciler.mjs').Reconciler} Reconciler
 * @typedef {import('./history.mjs').History} History
 * @typedef {{ token: string | undefined, isDead: boolean, history: History | undefined }} End
 */

/**
 * Half a line that says that a message was not over when it had ended: it was sent back, or won under a newer token.
 * @param {Reconciler} books
 */
export function judgeBrokenSequels(books) {
  const digest = new IdDigest();
  for (const [digestText, lines] of books.broken.entries()) {
    const id = lines[0]?.['messageId'] ?? '';
    for (const channel of books.channels.values()) {
      for (const group of channel.groups.values()) {
        const end = endIn(group, id, digest.of(id));
        if (!end) continue;
        const mine = lines.filter(
          (fields) =>
            (fields['channel'] ?? channel.name) === channel.name &&
            (fields['group'] ?? group.name) === group.name,
        );
        const detail = mine.some((fields) => isNewerClaim(fields, end))
          ? 'a broken line speaks of a claim newer than the one that ended it'
          : end.isDead && unknownRedrives(books, mine, end) > 0
            ? 'a dead letter, and a broken line says that it was sent back'
            : undefined;
        const where = { id, channel: channel.name, group: group.name };
        if (detail !== undefined)
          books.findings.add({ kind: 'unproven', digest: digestText, ...where, detail });
      }
    }
  }
}

/**
 * @param {import('./group-ledger.mjs').GroupLedger} group
 * @param {string} id
 * @param {IdDigest} digest
 * @returns {End | undefined} how it ended, as far as whole lines tell
 */
function endIn(group, id, digest) {
  const history = group.open.get(id);
  if (!history) {
    const entry = group.settled.get(digest);
    return entry && { token: entry.token, isDead: entry.kind === SETTLED.dead, history };
  }
  const settlement = newest(history.settlements);
  if (settlement) return { token: settlement.token, isDead: false, history };
  return isOver(history) ? { token: newest(history.deaths)?.token, isDead: true, history } : undefined;
}

/**
 * Where its group cannot be read, nobody knows whose claim it is. Of what whole lines say of newer claims it is told
 * already.
 * @param {Record<string, string>} fields
 * @param {End} end
 */
function isNewerClaim({ event, group, fencingToken }, { token, history }) {
  const claimed = tokenOf(fencingToken, '');
  if (event === undefined || group === undefined || claimed === undefined || token === undefined)
    return false;
  if (event === 'message.processed' || event === 'message.rejected') return false;
  const known = history?.newestToken ?? token;
  return compareTokens(claimed, token) > 0 && compareTokens(claimed, known) > 0;
}

/**
 * @param {Reconciler} books
 * @param {readonly Record<string, string>[]} lines
 * @param {End} end
 * @returns {number} redrives without a whole line, and without a life that followed
 */
function unknownRedrives(books, lines, { history }) {
  const moments = new MomentReader();
  const whole = [...(history?.redriveLines ?? [])].map((line) => line.split(' '));
  const torn = lines.filter(({ event, time, pod }) => {
    if (event !== 'message.redriven') return false;
    const number = pod === undefined ? undefined : books.pods.named(pod)?.number;
    return !whole.some(
      ([at, by]) =>
        (time === undefined || String(moments.read(time)) === at) &&
        (pod === undefined || String(number) === by),
    );
  });
  return torn.length > 0 && !(history && isOver(history, torn.length)) ? torn.length : 0;
}

/**
 * Whether something is left to be judged of it here, so that its history is not to be forgotten.
 * @param {Reconciler} books
 * @param {IdDigest} digest
 */
export const hasBrokenRedrive = (books, digest) =>
  books.broken.size > 0 && brokenAbout(books, digest.text, 'message.redriven').length > 0;
