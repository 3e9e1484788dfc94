// @ts-check
import { brokenAbout } from './broken-lines.mjs';
import { newest } from './history.mjs';
import { mayBeOver } from './judge-deaths.mjs';

/**
 * @typedef {import('./close-books.mjs').Closing} Closing
 * @typedef {import('./group-counts.mjs').GroupCounts} GroupCounts
 */

/**
 * A message of which there are lines, and none that settles it.
 * @param {Closing} closing
 * @param {{ id: string, digest: import('./id-digest.mjs').IdDigest, history: import('./history.mjs').History,
 *   accepted: { at: number, pod: number } | undefined, group: import('./group-ledger.mjs').GroupLedger,
 *   counts: GroupCounts, unanswered: boolean }} message   unanswered: nothing but its being heard says that it was accepted
 */
export function judgeUnsettled(
  { books, rules, end },
  { id, digest, history, group, counts, accepted, unanswered },
) {
  if (books.results.prove(group, digest)) {
    counts.provedByResults += 1;
    return;
  }
  const isDated = accepted !== undefined && !Number.isNaN(accepted.at);
  const waitedMs = isDated
    ? end.waitedMs(accepted.at, accepted.pod)
    : end.waitedMs(history.lastAt, undefined);
  if (rules.stillRunning && waitedMs <= rules.maxWaitMs) {
    counts.underWay += 1;
    return;
  }
  const open = /** @type {const} */ (true);
  const where = { digest: digest.text, id, channel: group.channel, group: group.name, open };
  const waited = Number.isNaN(waitedMs) ? '' : `; it waited ${Math.round(waitedMs)} ms when the logs ended`;
  const win = history.highestWin;
  const possible = possiblySettled(books, end, history, digest.text);
  if (possible !== undefined) {
    books.findings.add({ kind: 'unproven', ...where, detail: possible + waited });
  } else if (unanswered) {
    const detail = `its answer was lost, it was heard ${history.heard} times, and never settled${waited}`;
    books.findings.add({ kind: 'unproven', ...where, unanswered, detail });
  } else if (win || history.inBacklog || history.deaths.length > 0) {
    const lastOf = win ? `won last by ${books.pods.list[win.pod]?.name ?? 'a pod'}` : 'known to the backlog';
    const owner = history.redrives > 0 && (!win || win.over) ? 'sent back by hand' : lastOf;
    books.findings.add({ kind: 'stuck', ...where, detail: `${owner}, and never settled${waited}` });
  } else {
    const detail = `heard ${history.heard} times, and nobody won it${waited}`;
    books.findings.add({ kind: 'lost', ...where, detail });
  }
}

/**
 * A message that was accepted, and of which no line of the group speaks.
 * @param {Closing} closing
 * @param {{ channel: string, group: string }} where
 * @param {GroupCounts} counts
 * @param {{ digest: import('./id-digest.mjs').IdDigest, accepted: { at: number, pod: number } }} message
 */
export function judgeUnheard({ books, rules, end }, where, counts, { digest, accepted }) {
  const waitedMs = end.waitedMs(accepted.at, accepted.pod);
  if (rules.stillRunning && waitedMs <= rules.maxWaitMs) {
    counts.underWay += 1;
    return;
  }
  const { text } = digest;
  const finding = { digest: text, id: undefined, ...where, open: /** @type {const} */ (true) };
  if (brokenAbout(books, text).some(({ event }) => event !== 'order.accepted')) {
    const detail = 'no whole line about it, but a broken one';
    books.findings.add({ kind: 'unproven', ...finding, detail });
  } else {
    const detail = 'accepted, and no line of any pod about it';
    books.findings.add({ kind: 'lost', ...finding, detail });
  }
}

/**
 * @param {import('./reconciler.mjs').Reconciler} books
 * @param {import('./log-end.mjs').LogEnd} end
 * @param {import('./history.mjs').History} history
 * @param {string} digest
 * @returns {string | undefined} why it may have been settled without a line that says so
 */
function possiblySettled(books, end, history, digest) {
  const torn = ['message.processed', 'message.rejected', 'message.dead'].flatMap((event) =>
    brokenAbout(books, digest, event),
  );
  if (torn.length > 0) return 'the line that may say so is broken';
  if (history.calledProcessed)
    return 'no line of its effect, but a pod was told that it is processed already';
  if (mayBeOver(history)) return 'a dead letter, perhaps sent back by hand before it died';
  const win = newest(history.wins.filter(({ over }) => over !== true));
  if (win && win === history.highestWin && end.fellSilent(win)) {
    const name = books.pods.list[win.pod]?.name ?? 'its owner';
    return `${name} won it and fell silent: killed before its commit, or after it and before its line`;
  }
  return undefined;
}
