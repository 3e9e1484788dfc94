// @ts-check
import { compareTokens } from '../lines/token.mjs';
import { brokenAbout } from './broken-lines.mjs';
import { ACCEPTED } from './channel-ledger.mjs';
import { judgeUnsettled } from './close-unsettled.mjs';
import { isOver } from './judge-deaths.mjs';
import { judgeHistory } from './judge-history.mjs';

/**
 * @typedef {import('./close-books.mjs').Closing} Closing
 * @typedef {import('./group-counts.mjs').GroupCounts} GroupCounts
 * @typedef {import('./group-ledger.mjs').GroupLedger} GroupLedger
 * @typedef {import('./history.mjs').History} History
 */

/**
 * Judges the messages of a group that are not in the table of the settled.
 * @param {Closing} closing
 * @param {import('./channel-ledger.mjs').ChannelLedger} channel
 * @param {GroupLedger} group
 * @param {GroupCounts} counts
 * @returns {Set<string>} their digests
 */
export function judgeOpenMessages(closing, channel, group, counts) {
  const { books, digest } = closing;
  /** @type {Set<string>} */
  const open = new Set();
  for (const [id, history] of group.open) {
    const { text } = digest.of(id);
    const acceptance = channel.accepted.get(digest);
    open.add(text);
    addFaults(closing, { id, digest: text, history, group, counts });
    if (isSettled(history)) {
      countEnding(closing, { id, digest: text, history, group, counts });
      const first = history.diedUnder ? undefined : history.settlements[0];
      if (first && !history.waitCounted && acceptance && (acceptance.kind & ACCEPTED.line) !== 0)
        books.waited(group, id, acceptance, first);
      continue;
    }
    const known = acceptance && (acceptance.kind & ~ACCEPTED.attempted) !== 0;
    // Heard of, perhaps refused, but in no backlog: forged, or its acceptance was lost before anybody was told.
    const isSeen = known || history.inBacklog || channel.accepted.size === 0;
    const isForged = !isSeen && (history.wins.length === 0 || history.refused > 0);
    const unanswered = isForged && isUnanswered(books, history, acceptance);
    if (isForged && !unanswered) continue;
    // What was sent back by hand waits from then on.
    const accepted = history.sentBack ?? acceptance;
    judgeUnsettled(closing, { id, digest, history, group, counts, accepted, unanswered });
  }
  return open;
}

/**
 * A request whose answer was lost, and whose message was heard: accepted, unless a declared loss of data undid it.
 * @param {import('./reconciler.mjs').Reconciler} books
 * @param {History} history
 * @param {import('./compact-table.mjs').Entry | undefined} acceptance
 */
function isUnanswered(books, { heard, lastAt }, acceptance) {
  if (!acceptance || (acceptance.kind & ACCEPTED.attempted) === 0 || heard === 0) return false;
  return !books.rules.faults.lossBetween(lastAt, Infinity);
}

/** @typedef {{ id: string, digest: string, history: History, group: GroupLedger, counts: GroupCounts }} OpenMessage */

/**
 * @param {Closing} closing
 * @param {OpenMessage} message
 */
function addFaults({ books }, { id, digest, history, group, counts }) {
  const where = { digest, id, channel: group.channel, group: group.name };
  for (const { kind, detail } of judgeHistory(history)) {
    if (kind === 'duplicated' && isUndone(books, history)) {
      counts.undone += 1;
      continue;
    }
    const torn = kind === 'unclaimed' && brokenAbout(books, digest, 'lock.won').length > 0;
    books.findings.add(
      torn
        ? { kind: 'unproven', ...where, detail: `${detail}; a lock.won line of it is broken` }
        : { kind, ...where, detail },
    );
  }
}

/**
 * @param {Closing} closing
 * @param {OpenMessage} message
 */
function countEnding(closing, { id, digest, history: { settlements }, group, counts }) {
  if (settlements.length === 0) closing.died(counts, group, { digest, id });
  else if (settlements.some(({ event }) => event === 'message.processed')) counts.processed += 1;
  else counts.rejected += 1;
}

/**
 * Whether every settlement but the last was undone by a loss of data that the list of faults declares.
 * @param {import('./reconciler.mjs').Reconciler} books
 * @param {History} history
 */
function isUndone(books, { settlements }) {
  const inOrder = [...settlements].sort((one, other) => compareTokens(one.token ?? '', other.token ?? ''));
  return inOrder.every((settlement, index) => {
    const next = inOrder[index + 1];
    if (!next) return true;
    return (
      compareTokens(settlement.token ?? '', next.token ?? '') < 0 &&
      books.rules.faults.lossBetween(settlement.at, next.at)
    );
  });
}

/** @param {History} history */
export function isSettled(history) {
  return history.settlements.length > 0 || isOver(history);
}
