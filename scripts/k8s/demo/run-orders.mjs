// @ts-check
import { makeOrders, sharedDemand } from '../../demo/orders.mjs';

/** The shop has been open before, and goes on after: no run may meet the ids or the items of another. */
export class RunOrders {
  /**
   * @param {string} run in the name of all that is of this run
   * @param {number} count
   */
  constructor(run, count) {
    this.run = run;
    const orders = makeOrders(count);
    /** @type {ReadonlySet<string>} */
    const shared = new Set(sharedDemand(orders).keys());
    const named = (/** @type {string} */ id) =>
      shared.has(id) ? `${run}-${id}` : id.replace(/^only-order-/, `only-${run}-`);
    /** @type {readonly import('../../demo/orders.mjs').Order[]} */
    this.orders = orders.map(({ orderId, items }) => ({
      orderId: orderId.replace(/^order-/, `${run}-`),
      items: items.map(({ id, quantity }) => ({ id: named(id), quantity })),
    }));
    this.shared = [...shared].map(named);
  }

  /**
   * Whether a log line speaks of this run: each id of it has its name within.
   * @param {string} line
   */
  isMine(line) {
    return line.includes(`${this.run}-`);
  }
}
