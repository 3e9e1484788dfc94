import type { OrderItem } from '@onlyonce/contracts';
import type { Transaction } from '@onlyonce/core';

/** The hash of units available, by item id. */
export const STOCK = 'stock';

/**
 * Takes the units of all items, or of none: the store checks every guard before it writes anything. Repeated ids are
 * summed first, so that two lines of five cannot both pass where six are there.
 */
export function reserve(tx: Pick<Transaction, 'hash'>, items: readonly OrderItem[]): void {
  const units = new Map<string, number>();
  for (const { id, quantity } of items) units.set(id, (units.get(id) ?? 0) + quantity);
  const stock = tx.hash(STOCK);
  for (const [id, quantity] of units) {
    stock.take(id, quantity, { ifMissing: `UNKNOWN_ITEM: ${id}`, ifShort: `OUT_OF_STOCK: ${id}` });
  }
}
