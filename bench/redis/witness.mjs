// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { APPLIED_KEY, STOCK_KEY } from '../messages.mjs';
import { connected, fillStock } from '../peers/connection.mjs';
import { Ledger } from '../figures/ledger.mjs';
import { parseInfo } from './info.mjs';

const PAGE = 5_000;
const QUIET_MS = 300;
const LONGEST_NOISE_MS = 30_000;

/** Looks at one Redis from outside: its figures, and who took effect how often. */
export class Witness {
  #redis;

  /** @param {Awaited<ReturnType<typeof connected>>} redis */
  constructor(redis) {
    this.#redis = redis;
  }

  /** @param {string} url */
  static async at(url) {
    return new Witness(await connected(url, 'bench-witness'));
  }

  async fillStock() {
    await fillStock(this.#redis);
  }

  /** For what only one part of the benchmark needs. */
  get redis() {
    return this.#redis;
  }

  async figures() {
    const texts = [];
    for (const section of ['server', 'cpu', 'stats', 'memory', 'commandstats'])
      texts.push(await this.#redis.info(section));
    return parseInfo(texts.join('\n'));
  }

  /**
   * @param {number} expected how many messages were accepted, with the sequence numbers from 0 on
   * @returns {Promise<import('../figures/ledger.mjs').Books>}
   */
  async books(expected) {
    const ledger = new Ledger(expected);
    let cursor = '0';
    do {
      const [next, page] = await this.#redis.hscan(APPLIED_KEY, cursor, 'COUNT', PAGE);
      for (let at = 0; at < page.length; at += 2) ledger.add(String(page[at]), Number(page[at + 1]));
      cursor = next;
    } while (cursor !== '0');
    const stock = Object.entries(await this.#redis.hgetall(STOCK_KEY));
    return ledger.close(new Map(stock.map(([item, units]) => [item, Number(units)])));
  }

  /** Messages that took effect at least once. */
  applied() {
    return this.#redis.hlen(APPLIED_KEY);
  }

  /**
   * Waits until no effect happens any more: whoever works twice may do so long after the first effect was seen, and
   * that belongs to the duplicates and to the cost.
   */
  async quiet() {
    const end = performance.now() + LONGEST_NOISE_MS;
    let before = '';
    for (;;) {
      const now = (await this.#redis.hvals(STOCK_KEY)).join();
      if (now === before || performance.now() > end) return;
      before = now;
      await sleep(QUIET_MS);
    }
  }

  close() {
    this.#redis.disconnect();
  }
}
