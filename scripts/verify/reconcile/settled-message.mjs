// @ts-check
import { compareTokens } from '../lines/token.mjs';
import { hasBrokenRedrive } from './broken-sequels.mjs';
import { ACCEPTED } from './channel-ledger.mjs';
import { countNew } from './count-fact.mjs';
import { SETTLED } from './group-ledger.mjs';
import { newest } from './history.mjs';
import { isOver } from './judge-deaths.mjs';
import { judgeHistory } from './judge-history.mjs';
import { printOf } from './line-print.mjs';
import { STALE } from './write-line.mjs';

// Of a message that is settled cleanly an entry in a table is kept, and nothing else: what that takes and gives back.

/**
 * @typedef {import('../lines/fact.mjs').Fact} Fact
 * @typedef {import('./group-ledger.mjs').GroupLedger} GroupLedger
 * @typedef {import('./compact-table.mjs').Entry} Entry
 * @typedef {import('./reconciler.mjs').Reconciler} Reconciler
 */

/** @type {Record<number, string>} */
const EVENT_OF_KIND = {
  [SETTLED.processed]: 'message.processed',
  [SETTLED.rejected]: 'message.rejected',
  [SETTLED.dead]: 'message.dead',
};

/** @type {Record<string, number>} */
const KIND_OF_EVENT = {
  'message.processed': SETTLED.processed,
  'message.rejected': SETTLED.rejected,
  'message.dead': SETTLED.dead,
};

/**
 * Whether a line about a message that is settled may change the judgement.
 * @param {Reconciler} books
 * @param {GroupLedger} group
 * @param {Fact} fact
 * @param {import('./pods.mjs').Pod} pod
 * @param {Entry} settled
 */
export function concernsSettled(books, group, fact, pod, settled) {
  const { event, token } = fact;
  const order = token === undefined ? -1 : compareTokens(token, settled.token ?? '');
  const ofThatClaim = order === 0 && pod.number === settled.pod;
  switch (event) {
    case 'lock.won':
      if (order < 0) return isOfTwoPods(books, group, fact, pod);
      if (ofThatClaim) books.repeated += 1;
      return !ofThatClaim;
    case 'lock.lost':
    case 'message.recovered':
    case 'message.released':
      return order > 0;
    case 'message.retry':
      // Of the very claim that settled it: one of the two is not true.
      return order > 0 || ofThatClaim;
    case 'message.duplicate':
      return order > 0 || (ofThatClaim && fact.reason === STALE);
    case 'message.redriven':
      return settled.kind === SETTLED.dead;
    case 'message.processed':
    case 'message.rejected':
    case 'message.dead':
      if (books.rules.strictLines || printOf(fact, pod.number) !== settled.print) return true;
      books.repeated += 1;
      books.repeatedEffects += 1;
      return false;
    default:
      return false;
  }
}

/**
 * Of a claim older than the settlement only its owner counts.
 * @param {Reconciler} books
 * @param {GroupLedger} group
 * @param {Fact} fact
 * @param {import('./pods.mjs').Pod} pod
 */
function isOfTwoPods(books, group, fact, pod) {
  if (fact.token === undefined) return false;
  const owner = group.forgotten.note(fact.id, fact.token, pod.number);
  if (owner === 'known') books.repeated += 1;
  if (owner === 'new') countNew(fact, pod);
  return owner === 'another';
}

/**
 * Begins a history anew of what is left of it. What is forgotten is read again when everything is read, see
 * second-reading.mjs: until then it tells no more than that the message is not settled cleanly, perhaps.
 * @param {Reconciler} books
 * @param {GroupLedger} group
 * @param {string} id
 * @param {Entry} settled
 */
export function reopen(books, group, id, { token, pod, at, print, kind }) {
  group.reopen(books.digest.of(id));
  const history = group.history(id);
  const event = EVENT_OF_KIND[kind] ?? 'message.processed';
  // It was judged clean, so its claim is known.
  history.addWin({ token, pod, attempt: undefined, life: books.pods.list[pod]?.life ?? 0 });
  history.addEnding({ event, token, pod, attempt: undefined, at, print, sameAs: 0 }, false);
  history.waitCounted = kind !== SETTLED.dead;
  history.incomplete = true;
}

/**
 * Of a message that is settled cleanly an entry is left.
 * @param {Reconciler} books
 * @param {GroupLedger} group
 * @param {string} id
 * @param {import('./history.mjs').History} history
 */
export function retireIfClean(books, group, id, history) {
  const { settlements, deaths } = history;
  // What ended twice, a dead letter that was sent back, say, has to wait for `retireDead`: more lines may come.
  if (settlements.length + deaths.length !== 1) return;
  if (deaths.length === 0 || !group.keepsDead(id)) retire(books, group, id, history);
}

/**
 * When all lines are read.
 * @param {Reconciler} books
 * @param {GroupLedger} group
 */
export function retireDead(books, group) {
  for (const [id, history] of group.open) {
    if (history.deaths.length > 0 && history.settlements.length < 2) retire(books, group, id, history);
  }
}

/**
 * @param {Reconciler} books
 * @param {GroupLedger} group
 * @param {string} id
 * @param {import('./history.mjs').History} history
 */
function retire(books, group, id, history) {
  const { settlements, deaths, wins } = history;
  const ending = settlements[0] ?? newest(deaths);
  if (!ending || history.incomplete || judgeHistory(history).length > 0) return;
  // Dead, and won again or sent back since, and not settled yet.
  if (ending.event === 'message.dead' && !isOver(history)) return;
  // Half a line says that it was sent back: whether the whole one is there, or a life that followed, its history knows.
  if (ending.event === 'message.dead' && hasBrokenRedrive(books, books.digest.of(id))) return;
  const { at, token, print, pod } = ending;
  if (wins.length > 1)
    for (const win of wins)
      if (win.token !== undefined && win.token !== token) group.forgotten.note(id, win.token, win.pod);
  const digest = books.digest.of(id);
  const kind = KIND_OF_EVENT[ending.event] ?? SETTLED.processed;
  group.settled.set(digest, { at, token, print, pod, kind });
  group.open.delete(id);
  group.closeAgain(digest);
  if (settlements.length > 0 && deaths.length > 0) group.redriven += 1;
  if (ending.event === 'message.dead' || history.waitCounted) return;
  books.results.noteSettled(group, digest, ending);
  // What was dead did not wait for a pod, but for somebody to send it back.
  if (deaths.length > 0 || history.diedUnder) return;
  const accepted = books.channels.get(group.channel)?.accepted.get(digest);
  if (accepted && (accepted.kind & ACCEPTED.line) !== 0) books.waited(group, id, accepted, ending);
}
