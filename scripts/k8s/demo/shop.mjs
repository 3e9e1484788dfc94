// @ts-check
import { ShopDoor } from '../../load-test/system/shop-door.mjs';

const PATIENCE_MS = 10_000;

/** The shop as a customer and a storekeeper see it, both with their keys. */
export class Shop extends ShopDoor {
  /**
   * @param {{
   *   orderUrl: string, inventoryUrl: string, apiKey: string | undefined, adminApiKey: string | undefined,
   * }} options
   */
  constructor({ apiKey, ...door }) {
    super(door);
    this.key = apiKey === undefined ? {} : { 'x-api-key': apiKey };
  }

  /**
   * @param {import('../../demo/orders.mjs').Order} order
   * @throws Error when it is not accepted, or when that cannot be known
   */
  async place(order) {
    const response = await fetch(`${this.orderUrl}/orders`, {
      method: 'POST',
      body: JSON.stringify(order),
      headers: { 'content-type': 'application/json', ...this.key },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.text();
    if (response.status !== 202) throw new Error(`POST /orders: ${response.status} ${text.slice(0, 300)}`);
    return JSON.parse(text);
  }
}
