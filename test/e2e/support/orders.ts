import type { Seed } from './seed.js';

export interface Item {
  readonly id: string;
  readonly quantity: number;
}

export interface Order {
  readonly orderId: string;
  readonly items: readonly Item[];
}

/** Well above one, so that a second effect shows and is not refused for lack of stock. */
export const OWN_STOCK = 10;
const SHELF = 5;
/** Sent with every order: its own item tells how often it took effect. */
export const ownItem = (orderId: string): string => `only-${orderId}`;

/**
 * Orders of one to four items that all can be confirmed. Names begin with `prefix`, so that several tests may share
 * a shop; each order takes one unit of an item that no other order touches.
 */
export function makeOrders(seed: Seed, prefix: string, count: number): Order[] {
  return Array.from({ length: count }, (_, index) => {
    const orderId = `${prefix}-${index + 1}`;
    const shelf = seed.shuffled(Array.from({ length: SHELF }, (__, nth) => `${prefix}.shelf-${nth}`));
    const shared = shelf.slice(0, seed.integer(0, 3)).map((id) => ({ id, quantity: seed.integer(1, 4) }));
    return { orderId, items: [{ id: ownItem(orderId), quantity: 1 }, ...shared] };
  });
}

/** @returns units that the orders take together, by item */
export function demandOf(orders: readonly Order[]): Map<string, number> {
  const demand = new Map<string, number>();
  for (const { id, quantity } of orders.flatMap(({ items }) => items)) {
    demand.set(id, (demand.get(id) ?? 0) + quantity);
  }
  return demand;
}

/** Stock that suffices for all, with something left over that a second effect would take. */
export function ampleStock(orders: readonly Order[]): Map<string, number> {
  const own = new Set(orders.map(({ orderId }) => ownItem(orderId)));
  return new Map([...demandOf(orders)].map(([id, units]) => [id, own.has(id) ? OWN_STOCK : 2 * units + 50]));
}
