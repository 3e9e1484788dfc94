// @ts-check

/** @typedef {{ orderId: string, status: string, reason?: string, duplicate?: boolean }} OrderAnswer */

const PARALLEL = 16;

/** The shop as a customer and a storekeeper see it: HTTP only. */
export class ShopClient {
  /**
   * @param {{ orderUrl: string, inventoryUrl: string }} urls inventoryUrl: any replica
   */
  constructor({ orderUrl, inventoryUrl }) {
    this.orderUrl = orderUrl;
    this.inventoryUrl = inventoryUrl;
  }

  /**
   * @param {import('./orders.mjs').Order} order
   * @returns {Promise<OrderAnswer>}
   * @throws Error when it is not accepted
   */
  async place(order) {
    return json(await request(`${this.orderUrl}/orders`, 'POST', order), 202);
  }

  /**
   * @param {string} orderId
   * @returns {Promise<OrderAnswer>}
   */
  async order(orderId) {
    return json(await request(`${this.orderUrl}/orders/${orderId}`), 200);
  }

  /**
   * @param {string} id
   * @param {number} quantity
   */
  async putStock(id, quantity) {
    const answer = await request(`${this.inventoryUrl}/stock/${id}`, 'PUT', { quantity });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`PUT /stock/${id}: ${answer.status}`);
  }

  /**
   * @param {string} id
   * @returns {Promise<number>}
   */
  async stock(id) {
    return (await json(await request(`${this.inventoryUrl}/stock/${id}`), 200)).available;
  }
}

/**
 * Runs a task for each item, some at a time.
 * @template T, R
 * @param {readonly T[]} items
 * @param {(item: T) => Promise<R>} task
 * @returns {Promise<R[]>} in the order of the items
 */
export async function forEachSome(items, task) {
  /** @type {R[]} */
  const results = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) {
      results[index] = await task(/** @type {T} */ (items[index]));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return results;
}

/**
 * @param {string} url
 * @param {string} [method]
 * @param {unknown} [body]
 */
function request(url, method = 'GET', body) {
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  return fetch(url, {
    method,
    ...content,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    signal: AbortSignal.timeout(10_000),
  });
}

/**
 * @param {Response} response
 * @param {number} expected
 */
async function json(response, expected) {
  const text = await response.text();
  if (response.status !== expected)
    throw new Error(`${response.url}: ${response.status} ${text.slice(0, 300)}`);
  return JSON.parse(text);
}
