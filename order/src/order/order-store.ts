import type { Order } from './order.js';

/** Where orders are read. They are written by the engine only, together with the messages that cause it. */
export interface OrderStore {
  /**
   * Reads all of them in one round trip; undefined for those that do not exist, in the order asked.
   * @param withinMs milliseconds after which an answer is not waited for
   * @throws StoreUnavailableError
   */
  find(orderIds: readonly string[], withinMs: number): Promise<(Order | undefined)[]>;
}

export const ORDER_STORE = Symbol('OrderStore');
