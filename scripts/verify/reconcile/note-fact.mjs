// @ts-check
import { countNew } from './count-fact.mjs';
import { retireIfClean } from './settled-message.mjs';
import { writeLine } from './write-line.mjs';

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
  const { event, at, id } = fact;
  const history = group.history(id);
  const how = { pod: pod.number, life: pod.life, strict: books.rules.strictLines };
  switch (writeLine(history, fact, how)) {
    case 'claim':
      countNew(fact, pod);
      break;
    case 'ending':
      countNew(fact, pod);
      books.series.add(event, at);
      if (event !== 'message.dead') books.results.note({ id, at, pod: pod.number }, group, books.channels);
      break;
    case 'takeover':
      if (books.takeovers.length < MOST_TAKEOVERS_DRAWN)
        books.takeovers.push({ at, from: fact.previousPod ?? '', to: fact.pod });
      books.series.add('takeovers', at);
      return;
    case 'repeated':
      books.repeated += 1;
      if (event !== 'lock.won') books.repeatedEffects += 1;
      return;
    default:
      return;
  }
  retireIfClean(books, group, id, history);
}
