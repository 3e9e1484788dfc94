// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';

/** Every so many orders is sent twice at the same moment. */
const EVERY_TWICE = 10;
const ACCEPTED_WITHIN_MS = 90_000;
const AGAIN_MS = 100;

/** Sends orders at a steady pace until it is stopped; each again and again until it is accepted, as a careful client would. */
export class OrderStream {
  /** @type {import('../demo/orders.mjs').Order[]} */
  sent = [];
  repeated = 0;
  triedAgain = 0;
  #stopped = false;

  /**
   * @param {{
   *   client: import('../demo/shop-client.mjs').ShopClient, orders: readonly import('../demo/orders.mjs').Order[],
   *   perSecond: number, atLeast: number,
   * }} options orders: no more than these are sent
   */
  constructor(options) {
    this.options = options;
  }

  /** No further orders, once there are as many as there must be. */
  stop() {
    this.#stopped = true;
  }

  /** @returns {Promise<void>} when all that were sent have been accepted */
  async run() {
    const { orders, perSecond, atLeast } = this.options;
    const began = performance.now();
    /** @type {Promise<void>[]} */
    const placed = [];
    for (const [index, order] of orders.entries()) {
      if (this.#stopped && index >= atLeast) break;
      const dueIn = began + (index * 1_000) / perSecond - performance.now();
      if (dueIn > 0) await sleep(dueIn);
      placed.push(this.#place(order));
      if (index % EVERY_TWICE === 0) {
        placed.push(this.#place(order));
        this.repeated += 1;
      }
      this.sent.push(order);
    }
    await Promise.all(placed);
  }

  /** @param {import('../demo/orders.mjs').Order} order */
  async #place(order) {
    const end = performance.now() + ACCEPTED_WITHIN_MS;
    for (;;) {
      try {
        await this.options.client.place(order);
        return;
      } catch (error) {
        if (performance.now() > end) throw error;
        this.triedAgain += 1;
        await sleep(AGAIN_MS);
      }
    }
  }
}
