// @ts-check

/**
 * @typedef {{ item: string, start: number, added: number, taken: number, expected: number, found: number | undefined }} StockRow
 *   added: by hand, while orders were coming in
 *
 * @typedef {{ rows: StockRow[], items: number, taken: number, right: number, withoutStart: number, strangers: string[],
 *   isWhole: boolean, faults: { kind: 'stock' | 'stock-negative' | 'unproven', detail: string }[] }} StockJudgement
 *   rows: those that are wrong; withoutStart: items that orders took and whose start is not known; strangers: these, and
 *   items that are there now and whose start is not known; isWhole: every unit that an effect took is accounted for
 */

/**
 * stock = start + what was added by hand - effects, item by item, and never below zero.
 * @param {{
 *   start: ReadonlyMap<string, number> | undefined, end: ReadonlyMap<string, number>,
 *   taken: ReadonlyMap<string, number> | undefined, added?: (item: string) => readonly number[], unknown?: number,
 * }} stock   start: units before, undefined: only negative stock is looked for; end: units found; taken: units that the
 *   effects took; added: by hand, all that it may have been; unknown: how many effects took nobody knows what
 * @returns {StockJudgement}
 */
export function judgeStock({ start, end, taken, added = () => [0], unknown = 0 }) {
  /** @type {StockJudgement} */
  const judgement = {
    ...{ rows: [], items: 0, taken: 0, right: 0, withoutStart: 0, strangers: [], isWhole: false, faults: [] },
  };
  for (const [item, found] of end) {
    if (found < 0) judgement.faults.push({ kind: 'stock-negative', detail: `${item}: ${found} left` });
    else if (!Number.isFinite(found)) judgement.faults.push({ kind: 'stock', detail: `${item}: no number` });
  }
  if (!start || !taken) return judgement;
  for (const [item, units] of start) {
    const took = taken.get(item) ?? 0;
    const found = end.get(item);
    const readings = added(item);
    const more = readings.find((each) => units + each - took === found) ?? readings[0] ?? 0;
    const row = { item, start: units, added: more, taken: took, expected: units + more - took, found };
    judgement.items += 1;
    judgement.taken += took;
    if (row.found === row.expected) {
      judgement.right += 1;
      continue;
    }
    judgement.rows.push(row);
    const byHand = more === 0 ? '' : `, ${more} added by hand`;
    const detail = `${item}: ${units} at the start${byHand}, effects took ${took}, expected ${row.expected}, found ${found ?? 'none'}`;
    // With the items of every effect unknown it is open, not wrong, who took the rest; nobody can have given any.
    if (unknown > 0 && found !== undefined && found < units + Math.max(...readings) - took)
      judgement.faults.push({
        kind: 'unproven',
        detail: `${detail}; the items of ${unknown} effects are not known`,
      });
    else judgement.faults.push({ kind: 'stock', detail });
  }
  const strange = [...taken.keys()].filter((item) => !start.has(item));
  judgement.withoutStart = strange.length;
  judgement.strangers = [...new Set([...strange, ...[...end.keys()].filter((item) => !start.has(item))])];
  judgement.isWhole = strange.length === 0 && unknown === 0;
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
