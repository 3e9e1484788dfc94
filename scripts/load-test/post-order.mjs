// @ts-check
import { Pool } from 'undici';

/** @typedef {import('./sender.mjs').Answer} Answer */

const TIMEOUTS = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT']);

/** `POST /orders` over a fixed number of kept connections. */
export class OrderDoor {
  #pool;
  #path;
  #headers;

  /** @param {{ url: string, connections: number, timeoutMs: number, apiKey: string | undefined }} options */
  constructor({ url, connections, timeoutMs, apiKey }) {
    const { origin, pathname } = new URL(url);
    this.#path = `${pathname.replace(/\/+$/, '')}/orders`;
    this.#headers = {
      'content-type': 'application/json',
      ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }),
    };
    this.#pool = new Pool(origin, {
      connections,
      pipelining: 1,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      connect: { timeout: timeoutMs },
    });
  }

  /**
   * @param {import('./orders.mjs').Order} order
   * @returns {Promise<Answer>} never rejects
   */
  async post(order) {
    try {
      const { statusCode, body } = await this.#pool.request({
        path: this.#path,
        method: 'POST',
        headers: this.#headers,
        body: JSON.stringify(order),
      });
      return answerOf(statusCode, await body.text(), order.orderId);
    } catch (error) {
      const { code } = /** @type {{ code?: string }} */ (error);
      return { kind: 'unknown', error: TIMEOUTS.has(code ?? '') ? 'timeout' : `connection ${code ?? error}` };
    }
  }

  async close() {
    await this.#pool.destroy();
  }
}

/**
 * @param {number} status
 * @param {string} text
 * @param {string} orderId
 * @returns {Answer}
 */
export function answerOf(status, text, orderId) {
  if (status === 202) {
    const body = parsed(text);
    if (body?.['orderId'] === orderId) return { kind: 'accepted', duplicate: body['duplicate'] === true };
    return { kind: 'unknown', error: 'answer about another order' };
  }
  // Too many requests, and every fault of the server, say nothing about what became of this one, or of an earlier try.
  return { kind: status === 429 || status >= 500 ? 'unknown' : 'refused', error: String(status) };
}

/**
 * @param {string} text
 * @returns {Record<string, unknown> | undefined}
 */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
