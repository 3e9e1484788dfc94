// @ts-check

/**
 * @typedef {{ item: string, start: number, taken: number, expected: number, found: number | undefined }} StockRow
 *
 * @typedef {{ rows: StockRow[], items: number, taken: number, right: number, withoutStart: number,
 *   faults: { kind: 'stock' | 'stock-negative', detail: string }[] }} StockJudgement
 *   rows: those that are wrong; withoutStart: items that orders took and whose start is not given
 */

/**
 * stock = start - effects, item by item, and never below zero.
 * @param {ReadonlyMap<string, number> | undefined} start units before; undefined: only negative stock is looked for
 * @param {ReadonlyMap<string, number>} end units found
 * @param {ReadonlyMap<string, number> | undefined} taken units that the effects took
 * @returns {StockJudgement}
 */
export function judgeStock(start, end, taken) {
  /** @type {StockJudgement} */
  const judgement = { rows: [], items: 0, taken: 0, right: 0, withoutStart: 0, faults: [] };
  for (const [item, found] of end) {
    if (found < 0) judgement.faults.push({ kind: 'stock-negative', detail: `${item}: ${found} left` });
    else if (!Number.isFinite(found)) judgement.faults.push({ kind: 'stock', detail: `${item}: no number` });
  }
  if (!start || !taken) return judgement;
  for (const [item, units] of start) {
    const took = taken.get(item) ?? 0;
    const row = { item, start: units, taken: took, expected: units - took, found: end.get(item) };
    judgement.items += 1;
    judgement.taken += took;
    if (row.found === row.expected) {
      judgement.right += 1;
      continue;
    }
    judgement.rows.push(row);
    const found = row.found === undefined ? 'none' : `${row.found}`;
    const detail = `${item}: ${units} at the start, effects took ${took}, expected ${row.expected}, found ${found}`;
    judgement.faults.push({ kind: 'stock', detail });
  }
  for (const item of taken.keys()) if (!start.has(item)) judgement.withoutStart += 1;
  return judgement;
}

/**
 * @param {unknown} value `{ "<item>": units }`, `[{ id, available }]`, or a page `{ items: [...] }`
 * @returns {Map<string, number> | undefined} undefined when it is none of these
 */
export function stockOf(value) {
  if (typeof value !== 'object' || value === null) return undefined;
  const list = Array.isArray(value) ? value : /** @type {{ items?: unknown }} */ (value).items;
  if (Array.isArray(list)) {
    /** @type {Map<string, number>} */
    const stock = new Map();
    for (const { id, available, quantity } of list) {
      const units = available ?? quantity;
      if (typeof id !== 'string' || typeof units !== 'number') return undefined;
      stock.set(id, units);
    }
    return stock;
  }
  const entries = Object.entries(value);
  return entries.every(([, units]) => typeof units === 'number') ? new Map(entries) : undefined;
}
