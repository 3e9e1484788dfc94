// @ts-check
import { BAD_ITEM } from './faults/bad-data.mjs';
import { TTL_MS } from './times.mjs';

/** A handler that fails as often as there are attempts: its message dies. */
const ALWAYS = 1_000;
/** Of the rows that throw, one in twenty throws always. */
const DEAD_SHARE = 1 / 21;

/**
 * Chooses the messages that carry a fault of their own.
 * @param {Record<number, number>} wanted injections by row
 * @param {number} messages that the phase sends at least
 * @param {import('./random.mjs').Random} random
 * @returns {import('./plan.mjs').Special[]}
 */
export function misbehavingMessages(wanted, messages, random) {
  /** @type {Map<number, import('./plan.mjs').Special>} */
  const chosen = new Map();
  const choose = (
    /** @type {number} */ row,
    /** @type {Omit<import('./plan.mjs').Special, 'at' | 'row'>} */ how,
  ) => {
    for (let tries = 0; tries < 1_000; tries += 1) {
      const at = random.integer(20, Math.max(40, messages - 1));
      if (chosen.has(at)) continue;
      chosen.set(at, { at, row, ...how });
      return;
    }
    throw new Error('there are more misbehaving messages than messages');
  };
  const times = (/** @type {number} */ row, /** @type {(nth: number) => void} */ each) => {
    for (let nth = 0; nth < (wanted[row] ?? 0); nth += 1) each(nth);
  };
  times(3, () => choose(3, { misbehaviour: { do: 'busy', ms: 1.5 * TTL_MS }, dies: false }));
  times(4, () => choose(4, { misbehaviour: { do: 'slow', ms: 2.2 * TTL_MS }, dies: false }));
  const always = (wanted[5] ?? 0) > 0 ? Math.max(1, Math.round((wanted[5] ?? 0) * DEAD_SHARE)) : 0;
  times(5, (nth) =>
    nth < always
      ? choose(5, { misbehaviour: { do: 'throw', times: ALWAYS }, dies: true })
      : choose(5, { misbehaviour: { do: 'throw', times: random.integer(1, 3) }, dies: false }),
  );
  times(6, () => choose(6, { misbehaviour: { do: 'exit' }, dies: true }));
  // One in forty of the bad data is an order for an item whose stock is no number.
  const poisoned = Math.ceil((wanted[29] ?? 0) / 40);
  for (let nth = 0; nth < poisoned; nth += 1)
    choose(29, { items: [{ id: BAD_ITEM, quantity: 1 }], dies: true });
  return [...chosen.values()].sort((one, other) => one.at - other.at);
}
