// @ts-check
import { RedisClient } from './redis-client.mjs';

const PAGE = '1000';

/**
 * What the keys say that docs/protocol.md names: stock, order records, the backlog of a group. Only reads.
 */
export class RedisOracle {
  knowsOrders = true;
  knowsStock = true;
  knowsBacklog = true;

  /**
   * @param {{ url: string, namespace: string, channel: string, group: string }} where
   * @returns {Promise<RedisOracle>}
   */
  static async connect({ url, namespace, channel, group }) {
    return new RedisOracle(await RedisClient.connect(url), `{${namespace}}`, `${channel}:${group}`);
  }

  /**
   * @param {RedisClient} client
   * @param {string} tag
   * @param {string} group
   */
  constructor(client, tag, group) {
    this.client = client;
    this.tag = tag;
    this.group = group;
  }

  /**
   * @param {string} id
   * @returns {Promise<string | undefined>}
   */
  async orderState(id) {
    return texts(await this.client.call('HMGET', `${this.tag}:order:${id}`, 'status'))[0] ?? undefined;
  }

  /** @returns {Promise<Map<string, number>>} */
  async stock() {
    /** @type {Map<string, number>} */
    const stock = new Map();
    for await (const cells of this.#scan('HSCAN', `${this.tag}:stock`)) {
      for (let at = 0; at + 1 < cells.length; at += 2) stock.set(cells[at] ?? '', Number(cells[at + 1]));
    }
    return stock;
  }

  /**
   * Every order the store has a record of.
   * @returns {AsyncGenerator<{ id: string, status: string, items: { id: string, quantity: number }[] | undefined }, void>}
   */
  async *orders() {
    const prefix = `${this.tag}:order:`;
    for await (const keys of this.#scan('SCAN', undefined, 'MATCH', `${escaped(prefix)}*`)) {
      const records = await Promise.all(keys.map((key) => this.client.call('HMGET', key, 'status', 'items')));
      for (const [index, record] of records.entries()) {
        const [status, items] = texts(record);
        if (typeof status !== 'string') continue;
        yield { id: (keys[index] ?? '').slice(prefix.length), status, items: itemsOf(items) };
      }
    }
  }

  /**
   * @param {ReadonlySet<string>} ids
   * @returns {Promise<Map<string, string>>} those of them that are in the backlog
   */
  async waiting(ids) {
    /** @type {Map<string, string>} */
    const found = new Map();
    const log = `${this.tag}:${this.group}:log`;
    let from = '-';
    for (;;) {
      const page = await this.client.call('XRANGE', log, from, '+', 'COUNT', PAGE);
      const entries = Array.isArray(page) ? page : [];
      for (const entry of entries) {
        const [entryId, fields] = Array.isArray(entry) ? entry : [];
        from = `(${String(entryId)}`;
        // <bucket> <field> <tab> <id> <tab> <headers> <tab> <body>
        const id = texts(fields ?? null)[1]?.split('\t', 2)[1] ?? '';
        if (ids.has(id)) found.set(id, 'pending');
      }
      if (entries.length < Number(PAGE) || found.size === ids.size) return found;
    }
  }

  async close() {
    this.client.close();
  }

  /**
   * @param {'SCAN' | 'HSCAN'} command
   * @param {string | undefined} key
   * @param {...string} filter
   * @returns {AsyncGenerator<string[], void>}
   */
  async *#scan(command, key, ...filter) {
    let cursor = '0';
    do {
      const args = key === undefined ? [cursor] : [key, cursor];
      const reply = await this.client.call(command, ...args, ...filter, 'COUNT', PAGE);
      const [next, cells] = Array.isArray(reply) ? reply : [];
      yield texts(cells ?? null).map((cell) => cell ?? '');
      cursor = String(next ?? '0');
    } while (cursor !== '0');
  }
}

/** @param {string} text for a pattern of SCAN */
const escaped = (text) => text.replaceAll(/[[\]?*\\]/g, String.raw`\$&`);

/**
 * @param {unknown} reply
 * @returns {(string | undefined)[]}
 */
const texts = (reply) =>
  Array.isArray(reply) ? reply.map((cell) => (typeof cell === 'string' ? cell : undefined)) : [];

/** @param {string | undefined} text */
function itemsOf(text) {
  try {
    const items = JSON.parse(text ?? '');
    return Array.isArray(items) ? items : undefined;
  } catch {
    return undefined;
  }
}
