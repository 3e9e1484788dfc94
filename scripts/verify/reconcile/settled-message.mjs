// @ts-check
import { compareTokens } from '../lines/token.mjs';
import { ACCEPTED } from './channel-ledger.mjs';
import { SETTLED } from './group-ledger.mjs';
import { judgeHistory } from './judge-history.mjs';
import { printOf } from './line-print.mjs';

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
 * @param {Fact} fact
 * @param {import('./pods.mjs').Pod} pod
 * @param {Entry} settled
 */
export function concernsSettled(books, fact, pod, settled) {
  switch (fact.event) {
    case 'lock.won': {
      const order = compareTokens(fact.token ?? '', settled.token ?? '');
      if (order === 0 && pod.number === settled.pod) books.repeated += 1;
      return order > 0 || (order === 0 && pod.number !== settled.pod);
    }
    case 'message.recovered':
      return fact.previousPod !== undefined && compareTokens(fact.token ?? '', settled.token ?? '') > 0;
    case 'message.retry':
      // Of the very claim that settled it: one of the two is not true.
      return fact.token !== undefined && fact.token === settled.token && pod.number === settled.pod;
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
 * Of claims that are read after the settlement the first attempt is kept: it tells a redrive from a next attempt.
 * @param {Reconciler} books
 * @param {GroupLedger} group
 * @param {Fact} fact
 * @param {Entry} settled
 */
export function noteOlderClaim(books, group, { event, attempt }, settled) {
  if (event !== 'lock.won' || attempt === undefined || attempt >= (settled.attempt ?? 0)) return;
  group.settled.set(books.digest, { ...settled, attempt });
}

/**
 * @param {Reconciler} books
 * @param {GroupLedger} group
 * @param {string} id
 * @param {Entry} settled
 */
export function reopen(books, group, id, { token, pod, at, print, kind, attempt }) {
  group.reopen(books.digest.of(id));
  const history = group.history(id);
  const event = EVENT_OF_KIND[kind] ?? 'message.processed';
  // It was judged clean, so its claim is known.
  history.addWin({ token, pod, attempt, life: books.pods.list[pod]?.life ?? 0 });
  history.addEnding({ event, token, pod, attempt: undefined, at, print, sameAs: 0 }, false);
  history.waitCounted = kind !== SETTLED.dead;
  history.forgotBelow = token;
}

/**
 * @param {Reconciler} books
 * @param {GroupLedger} group
 * @param {string} id
 * @param {import('./history.mjs').History} history
 */
export function retireIfClean(books, group, id, history) {
  const { settlements, deaths } = history;
  if (settlements.length > 1 || settlements.length + deaths.length === 0) return;
  const ending = settlements[0] ?? deaths.at(-1);
  if (!ending || judgeHistory(history).length > 0) return;
  const highest = history.highestWin?.token;
  // Dead, and won again since: sent back, and not settled yet.
  if (ending.event === 'message.dead' && compareTokens(highest ?? '', ending.token ?? '') > 0) return;
  const { at, token, print, pod } = ending;
  const digest = books.digest.of(id);
  const kind = KIND_OF_EVENT[ending.event] ?? SETTLED.processed;
  group.settled.set(digest, { at, token, print, pod, kind, attempt: history.firstAttempt });
  group.open.delete(id);
  group.closeAgain(digest);
  if (settlements.length > 0 && deaths.length > 0) group.redriven += 1;
  if (ending.event === 'message.dead' || history.waitCounted) return;
  books.results.noteSettled(group, digest, ending);
  const accepted = books.channels.get(group.channel)?.accepted.get(digest);
  if (accepted && (accepted.kind & ACCEPTED.line) !== 0) books.waited(group, id, accepted, ending);
}
