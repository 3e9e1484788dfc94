// @ts-check

const PATIENCE_MS = 10_000;
const ATTEMPTS = 3;
const WAITING = /** @type {const} */ (['pending', 'processing', 'retrying']);

/**
 * What the services answer. A service that does not answer is no witness: that is an error, never a "no".
 * @typedef {{ orderUrl?: string | undefined, inventoryUrl?: string | undefined, apiKey?: string | undefined }} Urls
 */
export class HttpOracle {
  /** @param {Urls} urls */
  constructor({ orderUrl, inventoryUrl, apiKey }) {
    this.orderUrl = orderUrl?.replace(/\/+$/, '');
    this.inventoryUrl = inventoryUrl?.replace(/\/+$/, '');
    this.headers = apiKey ? { 'x-api-key': apiKey } : undefined;
  }

  get knowsOrders() {
    return this.orderUrl !== undefined;
  }

  get knowsStock() {
    return this.inventoryUrl !== undefined;
  }

  get knowsBacklog() {
    return this.inventoryUrl !== undefined;
  }

  /**
   * @param {string} id
   * @returns {Promise<string | undefined>} PENDING, CONFIRMED, REJECTED or FAILED; undefined: no such order
   */
  async orderState(id) {
    const answer = await this.#get(`${this.orderUrl}/orders/${encodeURIComponent(id)}`);
    return /** @type {{ status?: string } | undefined} */ (answer)?.status;
  }

  /** @returns {Promise<Map<string, number>>} */
  async stock() {
    /** @type {Map<string, number>} */
    const stock = new Map();
    let cursor;
    do {
      const query = cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor)}`;
      /** @type {{ items?: { id: string, available: number }[], cursor?: string } | { id: string, available: number }[]} */
      const page = /** @type {any} */ (await this.#get(`${this.inventoryUrl}/stock${query}`));
      const items = Array.isArray(page) ? page : (page?.items ?? []);
      for (const { id, available } of items) stock.set(id, available);
      cursor = Array.isArray(page) ? undefined : page?.cursor;
    } while (cursor !== undefined);
    return stock;
  }

  /**
   * @param {ReadonlySet<string>} ids
   * @returns {Promise<Map<string, string>>} those of them that are in the backlog, and in which state
   */
  async waiting(ids) {
    /** @type {Map<string, string>} */
    const found = new Map();
    for (const state of WAITING) {
      let cursor;
      do {
        const query = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        /** @type {{ messages?: { messageId: string }[], cursor?: string }} */
        const page = /** @type {any} */ (
          await this.#get(`${this.inventoryUrl}/inbox?state=${state}&limit=500${query}`)
        );
        for (const { messageId } of page?.messages ?? []) if (ids.has(messageId)) found.set(messageId, state);
        cursor = page?.cursor;
      } while (cursor !== undefined && found.size < ids.size);
    }
    return found;
  }

  async close() {}

  /**
   * @param {string} url
   * @returns {Promise<unknown>} undefined for 404
   */
  async #get(url) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const signal = AbortSignal.timeout(PATIENCE_MS);
        const response = await fetch(url, { signal, ...(this.headers ? { headers: this.headers } : {}) });
        const text = await response.text();
        if (response.status === 404) return undefined;
        if (response.ok) return JSON.parse(text);
        throw new Error(`${response.status} ${text.slice(0, 200)}`);
      } catch (error) {
        if (attempt < ATTEMPTS) {
          await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** attempt));
          continue;
        }
        throw new Error(`${url} cannot be asked: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      }
    }
  }
}
