// @ts-check
import { printOf } from './line-print.mjs';

/** As the services word it, docs/logs.md. */
export const STALE = 'stale fencing token';
const PROCESSED = 'already processed';

/**
 * Writes one line into the history of its message, and does nothing else: what is read again is written again.
 * @param {import('./history.mjs').History} history
 * @param {import('../lines/fact.mjs').Fact} fact
 * @param {{ pod: number, life: number, strict: boolean }} how
 *   life: of the pod, as far as it is read; strict: the same line twice is two
 * @returns {'claim' | 'ending' | 'takeover' | 'repeated' | 'other'} what it told anew; repeated: nothing
 */
export function writeLine(history, fact, { pod, life, strict }) {
  const { event, token, attempt, at, reason } = fact;
  if (!(at <= history.lastAt)) history.lastAt = at;
  switch (event) {
    case 'lock.won':
      return history.addWin({ token, pod, attempt, life }) ? 'claim' : 'repeated';
    case 'message.processed':
    case 'message.rejected':
    case 'message.dead': {
      const print = printOf(fact, pod);
      const ending = { event, token, pod, attempt, at, print, sameAs: 0, outcome: fact.outcome };
      return history.addEnding(ending, strict) ? 'ending' : 'repeated';
    }
    case 'message.received':
      history.heard += 1;
      return 'other';
    case 'message.redriven':
      history.inBacklog = true;
      history.addRedrive(at, pod);
      return 'other';
    default:
  }
  if (token !== undefined) history.addHint({ token, pod, attempt });
  switch (event) {
    case 'lock.lost':
      if (token === undefined && reason === PROCESSED) history.calledProcessed = true;
      return 'other';
    case 'message.recovered':
      history.inBacklog = true;
      if (fact.previousPod === undefined || token === undefined || history.takeovers.includes(token))
        return 'other';
      history.takeovers.push(token);
      return 'takeover';
    case 'message.duplicate':
      history.refused += 1;
      if (reason === PROCESSED) history.calledProcessed = true;
      if (reason === STALE) history.addRefusal(token, pod);
      history.gaveBack(token, pod, false);
      return 'other';
    case 'message.retry':
      history.retries += 1;
      history.inBacklog = true;
      history.gaveBack(token, pod, true);
      return 'other';
    case 'message.released':
      history.gaveBack(token, pod, false);
      return 'other';
    default:
      return 'other';
  }
}
