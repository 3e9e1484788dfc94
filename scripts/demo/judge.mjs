// @ts-check
import { OWN_STOCK, ownItem } from './orders.mjs';

/**
 * What was found at the end, from outside.
 * @typedef {Readonly<{
 *   accepted: number, repeatsRefused: number,
 *   states: ReadonlyMap<string, string>,
 *   stock: ReadonlyMap<string, number>,
 * }>} Findings accepted: orders answered 202 as new; repeatsRefused: answered as duplicates; states: by order id
 *
 * @typedef {{ what: string, expected: number, found: number }} Line
 * @typedef {{ lines: Line[], effects: number, lost: number, duplicated: number, faults: string[] }} Verdict
 */

/**
 * Compares what was found with what was sent. Effects are read from the stock alone, never from a log.
 * @param {{ orders: readonly import('./orders.mjs').Order[], repeats: number, startStock: ReadonlyMap<string, number> }} sent
 * @param {Findings} findings
 * @returns {Verdict} proved if, and only if, it lists no faults
 */
export function judge({ orders, repeats, startStock }, findings) {
  const effectsOf = orders.map(
    ({ orderId }) => OWN_STOCK - (findings.stock.get(ownItem(orderId)) ?? Number.NaN),
  );
  const effects = effectsOf.reduce((sum, count) => sum + count, 0);
  const lost = effectsOf.filter((count) => !(count >= 1)).length;
  const duplicated = effectsOf.filter((count) => count > 1).length;
  const confirmed = orders.filter(({ orderId }) => findings.states.get(orderId) === 'CONFIRMED').length;
  const taken = unitsTaken(orders);
  const lines = [
    { what: 'orders accepted', expected: orders.length, found: findings.accepted },
    { what: 'repeated orders answered as duplicates', expected: repeats, found: findings.repeatsRefused },
    { what: 'orders CONFIRMED', expected: orders.length, found: confirmed },
    { what: 'effects, by a stock item of its own per order', expected: orders.length, found: effects },
    ...[...startStock].map(([item, units]) => ({
      what: `stock of ${item}`,
      expected: units - (taken.get(item) ?? 0),
      found: findings.stock.get(item) ?? Number.NaN,
    })),
  ];
  const faults = lines.filter(({ expected, found }) => expected !== found).map(told);
  if (lost > 0) faults.push(`${lost} orders had no effect`);
  if (duplicated > 0) faults.push(`${duplicated} orders had more than one effect`);
  return { lines, effects, lost, duplicated, faults };
}

/** @param {Line} line */
const told = ({ what, expected, found }) => `${what}: expected ${expected}, found ${found}`;

/**
 * @param {readonly import('./orders.mjs').Order[]} orders
 * @returns {Map<string, number>}
 */
function unitsTaken(orders) {
  /** @type {Map<string, number>} */
  const taken = new Map();
  for (const { id, quantity } of orders.flatMap(({ items }) => items)) {
    taken.set(id, (taken.get(id) ?? 0) + quantity);
  }
  return taken;
}

/**
 * The last line of the demo.
 * @param {number} orders
 * @param {Verdict} verdict
 */
export function lastLine(orders, { effects, lost, duplicated, faults }) {
  return faults.length === 0
    ? `PROVED: ${orders} orders, ${effects} effects, ${lost} lost, ${duplicated} duplicated`
    : `FAILED: ${faults.join('; ')}`;
}
