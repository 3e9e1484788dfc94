// @ts-check

/**
 * @typedef {{ id: string, quantity: number }} Item
 * @typedef {{ orderId: string, items: Item[] }} Order
 */

/** Kept well above one, so that a second effect would show and not be refused for lack of stock. */
export const OWN_STOCK = 10;

const SHELF = ['espresso-beans', 'filter-paper', 'milk-jug', 'teapot'];

/**
 * The orders of the demo, always the same. Each takes one unit of an item that no other order touches: what is
 * missing from that item's stock at the end is how often the order took effect, whatever any log says.
 * @param {number} count
 * @returns {Order[]}
 */
export function makeOrders(count) {
  return Array.from({ length: count }, (_, index) => {
    const orderId = `order-${String(index + 1).padStart(4, '0')}`;
    const kinds = 1 + (index % 3);
    const shared = Array.from({ length: kinds }, (_, nth) => ({
      id: /** @type {string} */ (SHELF[(index + nth) % SHELF.length]),
      quantity: 1 + ((index * 7 + nth * 3) % 5),
    }));
    return { orderId, items: [{ id: ownItem(orderId), quantity: 1 }, ...shared] };
  });
}

/** @param {string} orderId */
export const ownItem = (orderId) => `only-${orderId}`;

/**
 * @param {readonly Order[]} orders
 * @returns {Map<string, number>} units of each shared item that the orders take together
 */
export function sharedDemand(orders) {
  const demand = new Map(SHELF.map((id) => [id, 0]));
  for (const { id, quantity } of orders.flatMap(({ items }) => items)) {
    const before = demand.get(id);
    if (before !== undefined) demand.set(id, before + quantity);
  }
  return demand;
}
