// @ts-check
import { resultOf } from '../reconcile/result-id.mjs';

const PARALLEL = 16;
/** How an order ends, by what the logs say of its message. @type {Record<string, string>} */
const STATE_OF = { processed: 'CONFIRMED', rejected: 'REJECTED', dead: 'FAILED' };
const FINAL = new Set(Object.values(STATE_OF));

/**
 * @typedef {{
 *   knowsOrders: boolean, knowsStock: boolean, knowsBacklog: boolean,
 *   orderState(id: string): Promise<string | undefined>, stock(): Promise<Map<string, number>>,
 *   waiting(ids: ReadonlySet<string>): Promise<Map<string, string>>, close(): Promise<void>,
 * }} Oracle
 *
 * @typedef {{ asked: number, agreed: number, proved: Record<string, number>, acceptances: number,
 *   outcomes: Map<string, string> }} Testimony
 *   proved: effects without a line, by state; acceptances: accepted without a line; outcomes: state by id
 */

/** @returns {Testimony} */
export const noTestimony = () => ({ asked: 0, agreed: 0, proved: {}, acceptances: 0, outcomes: new Map() });

/**
 * Asks the store about what the logs leave open: a pod killed between its commit and its line leaves an effect that
 * only the store knows of.
 * @param {import('../reconcile/findings.mjs').Findings} findings what is explained is taken back
 * @param {{ channel: string, group: string | undefined }} orders the group whose settlements the orders show
 * @param {(id: string) => string | undefined} endingOf how a message of that group ended by its own lines
 * @param {Oracle} oracle
 * @param {Testimony} testimony added to
 */
export async function askAboutOpen(findings, orders, endingOf, oracle, testimony) {
  if (!oracle.knowsOrders) return;
  const asked = findings.kept.filter(
    ({ kind, channel, group, id, open }) =>
      id !== undefined &&
      channel === orders.channel &&
      group === orders.group &&
      (open || kind === 'phantom'),
  );
  const ids = new Set(asked.map(({ id }) => id ?? ''));
  const waiting = oracle.knowsBacklog && ids.size > 0 ? await oracle.waiting(ids) : new Map();
  await forEachSome(asked, async (finding) => {
    const id = finding.id ?? '';
    const state = await oracle.orderState(id);
    testimony.asked += 1;
    if (finding.kind === 'phantom') {
      if (state === undefined) return;
      testimony.acceptances += 1;
      const ending = endingOf(id);
      // Settled, as only its result shows: then how is not known.
      if (ending === undefined ? FINAL.has(state) : state === STATE_OF[ending]) findings.remove(finding);
      else
        findings.replace(finding, { kind: 'contradiction', detail: saidTwice(ending ?? 'settled', state) });
    } else if (state !== undefined && FINAL.has(state)) {
      testimony.proved[state] = (testimony.proved[state] ?? 0) + 1;
      testimony.outcomes.set(id, state);
      findings.remove(finding);
    } else if (state === undefined && finding.unanswered) findings.remove(finding);
    else findings.replace(finding, unsettledIn(state, waiting.get(id), oracle.knowsBacklog));
  });
  await askAboutResults(findings, orders, oracle, testimony);
}

/**
 * Who hears what became of an order writes it into the order's record: a record that is final proves that the event was
 * processed, though the pod that did it was killed before its line.
 * @param {import('../reconcile/findings.mjs').Findings} findings
 * @param {{ channel: string, group: string | undefined }} orders
 * @param {Oracle} oracle
 * @param {Testimony} testimony
 */
async function askAboutResults(findings, { channel: orderChannel, group: orderGroup }, oracle, testimony) {
  const asked = findings.kept.filter(
    ({ channel, id, open }) => open && id !== undefined && channel !== orderChannel,
  );
  await forEachSome(asked, async (finding) => {
    const result = resultOf(finding.id ?? '');
    if (!result || result.group !== orderGroup) return;
    const state = await oracle.orderState(result.of);
    testimony.asked += 1;
    // FAILED may be what an earlier event said of an order that was sent back since.
    if (state !== undefined && FINAL.has(state) && (result.diedUnder !== undefined || state !== 'FAILED'))
      findings.remove(finding);
  });
}

/**
 * @param {string | undefined} state
 * @param {string | undefined} waiting
 * @param {boolean} knowsBacklog
 * @returns {{ kind: 'stuck' | 'lost', detail: string }}
 */
function unsettledIn(state, waiting, knowsBacklog) {
  if (waiting !== undefined)
    return { kind: 'stuck', detail: `in the backlog still (${waiting}), and not settled` };
  if (state === undefined) return { kind: 'lost', detail: 'the store knows no such order' };
  const where = knowsBacklog ? 'and in no backlog' : 'according to the order service';
  return { kind: knowsBacklog ? 'lost' : 'stuck', detail: `${state} ${where}` };
}

/**
 * Compares what the logs say with what the store says, order by order.
 * @param {{ ids: readonly string[], endingOf(id: string): string | undefined,
 *   findings: import('../reconcile/findings.mjs').Findings, digestOf(id: string): string,
 *   where: { channel: string, group: string | undefined } }} orders
 * @param {Oracle} oracle
 * @param {Testimony} testimony
 */
export async function compareWithStore({ ids, endingOf, findings, digestOf, where }, oracle, testimony) {
  if (!oracle.knowsOrders) return;
  await forEachSome(ids, async (id) => {
    const ending = endingOf(id);
    if (ending === undefined) return;
    const state = await oracle.orderState(id);
    testimony.asked += 1;
    if (state === STATE_OF[ending]) testimony.agreed += 1;
    else {
      const detail = saidTwice(ending, state);
      findings.add({ kind: 'contradiction', digest: digestOf(id), id, ...where, detail });
    }
  });
}

/**
 * @param {string} ending
 * @param {string | undefined} state
 */
const saidTwice = (ending, state) => `${ending} in the logs, ${state ?? 'unknown'} in the store`;

/**
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => Promise<void>} task
 */
async function forEachSome(items, task) {
  let next = 0;
  const worker = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await task(item);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}
