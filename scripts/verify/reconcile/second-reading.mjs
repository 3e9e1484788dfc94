// @ts-check
import { readAgain } from '../sources/read-again.mjs';
import { History } from './history.mjs';
import { retireIfClean, retireDead } from './settled-message.mjs';
import { writeLine } from './write-line.mjs';

/**
 * @typedef {import('./reconciler.mjs').Reconciler} Reconciler
 * @typedef {import('./group-ledger.mjs').GroupLedger} GroupLedger
 */

/**
 * Ends the reading. A message that was settled, forgotten, and then told of otherwise is judged by all of its lines, so
 * that nothing depends on which came first: the sources are read once more, if there is any such message.
 * @param {Reconciler} books
 * @param {readonly import('../sources/merge-sources.mjs').Source[]} sources
 * @param {() => { add(bytes: number, lines: number): void, end(): void } | undefined} progress
 */
export async function completeHistories(books, sources, progress) {
  books.results.deaths.tell(books);
  const groups = [...books.channels.values()].flatMap((channel) => [...channel.groups.values()]);
  /** @type {Map<History, History>} */
  const complete = new Map();
  for (const { open } of groups) {
    for (const history of open.values()) if (history.incomplete) complete.set(history, new History());
  }
  if (complete.size > 0) {
    const bar = progress();
    const take = (/** @type {import('../lines/line-reader.mjs').Reading} */ reading) => {
      if (reading.kind === 'fact') rewrite(books, complete, reading.fact);
    };
    await readAgain(sources, take, (bytes, lines) => bar?.add(bytes, lines));
    bar?.end();
  }
  for (const group of groups) {
    for (const [id, history] of group.open) {
      const whole = complete.get(history);
      if (whole) replace(books, group, id, history, whole);
    }
    retireDead(books, group);
  }
}

/**
 * @param {Reconciler} books
 * @param {ReadonlyMap<History, History>} complete
 * @param {import('../lines/fact.mjs').Fact} fact
 */
function rewrite(books, complete, fact) {
  const history = books.channels
    .get(fact.channel)
    ?.groups.get(fact.group ?? '')
    ?.open.get(fact.id);
  const whole = history && complete.get(history);
  const pod = books.pods.named(fact.pod)?.number;
  if (!whole || pod === undefined) return;
  // In which life a pod won it matters of the newest claim only, and that one was read the first time.
  const life = history.wins.find((win) => win.token === fact.token && win.pod === pod)?.life ?? 0;
  writeLine(whole, fact, { pod, life, strict: books.rules.strictLines });
}

/**
 * @param {Reconciler} books
 * @param {GroupLedger} group
 * @param {string} id
 * @param {History} history
 * @param {History} whole
 */
function replace(books, group, id, history, whole) {
  history.incomplete = false;
  if (history.deaths.length > 0 || history.diedUnder) books.late.forget(books.digest.of(id).text, group);
  // A source that cannot be read a second time: what is left of the first has to do.
  if (whole.endings.length < history.endings.length) return;
  whole.waitCounted = history.waitCounted;
  whole.diedUnder = history.diedUnder;
  group.open.set(id, whole);
  retireIfClean(books, group, id, whole);
}
