// @ts-check
import { printOf } from './line-print.mjs';
import { retireIfClean } from './settled-message.mjs';

/**
 * @typedef {import('../lines/fact.mjs').Fact} Fact
 * @typedef {import('./reconciler.mjs').Reconciler} Reconciler
 */

const MOST_TAKEOVERS_DRAWN = 2_000;

/**
 * Writes one line into the history of a message that is not settled cleanly.
 * @param {Reconciler} books
 * @param {import('./group-ledger.mjs').GroupLedger} group
 * @param {Fact} fact
 * @param {import('./pods.mjs').Pod} pod
 */
export function noteFact(books, group, fact, pod) {
  const { event, token, attempt, at, id } = fact;
  const history = group.history(id);
  if (!(at <= history.lastAt)) history.lastAt = at;
  switch (event) {
    case 'message.received':
      history.heard += 1;
      return;
    case 'lock.won':
      if (!history.addWin({ token, pod: pod.number, attempt, life: pod.life })) books.repeated += 1;
      break;
    case 'lock.lost':
      if (token === undefined && fact.reason === 'already processed') history.calledProcessed = true;
      return;
    case 'message.recovered':
      if (fact.previousPod !== undefined) noteTakeover(books, history, fact, fact.previousPod);
      return;
    case 'message.duplicate':
      history.refused += 1;
      if (fact.reason === 'already processed') history.calledProcessed = true;
      history.gaveBack(token, pod.number, false);
      return;
    case 'message.retry':
      history.retries += 1;
      history.gaveBack(token, pod.number, true);
      return;
    case 'message.released':
      history.gaveBack(token, pod.number, false);
      return;
    case 'message.processed':
    case 'message.rejected':
    case 'message.dead': {
      const print = printOf(fact, pod.number);
      const ending = { event, token, pod: pod.number, attempt, at, print, sameAs: 0, outcome: fact.outcome };
      if (!history.addEnding(ending, books.rules.strictLines)) {
        books.repeated += 1;
        books.repeatedEffects += 1;
        return;
      }
      books.series.add(event, at);
      if (event !== 'message.dead') books.results.note({ id, at, pod: pod.number }, group, books.channels);
      break;
    }
    default:
      return;
  }
  retireIfClean(books, group, id, history);
}

/**
 * @param {Reconciler} books
 * @param {import('./history.mjs').History} history
 * @param {Fact} fact
 * @param {string} previousPod
 */
function noteTakeover(books, history, { token, at, pod }, previousPod) {
  if (token === undefined || history.takeovers.includes(token)) return;
  history.takeovers.push(token);
  if (books.takeovers.length < MOST_TAKEOVERS_DRAWN) books.takeovers.push({ at, from: previousPod, to: pod });
  books.series.add('takeovers', at);
}
