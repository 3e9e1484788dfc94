// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 10_000;
const TRIES = 4;
const PARALLEL = 16;

/** What else the load test asks of the services: to set and read stock, and what became of an order. */
export class ShopDoor {
  /**
   * @param {{ orderUrl: string, inventoryUrl: string | undefined, adminApiKey: string | undefined }} options
   */
  constructor({ orderUrl, inventoryUrl, adminApiKey }) {
    this.orderUrl = orderUrl.replace(/\/+$/, '');
    this.inventoryUrl = inventoryUrl?.replace(/\/+$/, '');
    this.admin = adminApiKey === undefined ? {} : { 'x-api-key': adminApiKey };
  }

  /**
   * @param {string} id
   * @returns {Promise<{ status: string, processedAt?: string | null } | undefined>} undefined: no such order
   */
  async order(id) {
    return asked(`${this.orderUrl}/orders/${id}`);
  }

  /** @param {ReadonlyMap<string, number>} stock */
  async setStock(stock) {
    await forEachSome([...stock], async ([id, quantity]) => {
      const headers = { 'content-type': 'application/json', ...this.admin };
      await asked(`${this.inventoryUrl}/stock/${id}`, {
        method: 'PUT',
        headers,
        body: JSON.stringify({ quantity }),
      });
    });
  }

  /**
   * @param {readonly string[]} ids
   * @returns {Promise<Record<string, number>>} without items that are gone
   */
  async stock(ids) {
    /** @type {Record<string, number>} */
    const found = {};
    await forEachSome(ids, async (id) => {
      const level = await asked(`${this.inventoryUrl}/stock/${id}`);
      if (level) found[id] = level.available;
    });
    return found;
  }
}

/**
 * @param {string} url
 * @param {RequestInit} [request]
 * @returns {Promise<any>} undefined for 404
 * @throws Error that names the URL when it does not answer usefully
 */
async function asked(url, request = {}) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await fetch(url, { ...request, signal: AbortSignal.timeout(PATIENCE_MS) });
      const text = await response.text();
      if (response.status === 404) return undefined;
      if (response.ok) return JSON.parse(text);
      throw new Error(`${response.status} ${text.slice(0, 300)}`);
    } catch (error) {
      if (attempt === TRIES) {
        const cause = error instanceof Error ? `${error.message} ${error.cause ?? ''}`.trim() : String(error);
        throw new Error(`${request.method ?? 'GET'} ${url}: ${cause}`, { cause: error });
      }
      await sleep(250 * 2 ** attempt);
    }
  }
}

/**
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => Promise<void>} task
 */
export async function forEachSome(items, task) {
  let next = 0;
  const worker = async () => {
    while (next < items.length) await task(/** @type {T} */ (items[next++]));
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}
