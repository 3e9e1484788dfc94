// @ts-check
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { hashOf } from './random.mjs';

const GIVE_UP_MS = 300_000;
const ANSWER_MS = 4_000;
const TICK_MS = 10;
const MOST_ANOMALIES = 20;

/** POST /orders at a steady pace, each order asked for until its fate is known, some of them again. */
export class HttpLoad {
  #running = false;
  #underWay = 0;
  #next = 0;
  counts = { sent: 0, accepted: 0, unknown: 0, refused: 0, repeats: 0, conflicts: 0, again: 0 };
  /** @type {string[]} */
  anomalies = [];

  /**
   * @param {{ seed: number, rate: number, file: string, orderOf: (n: number) => { orderId: string, items: object[] },
   *   urls: () => readonly string[], most: number }} options urls: of order pods that run; most: orders there are
   */
  constructor(options) {
    this.options = options;
  }

  /**
   * The same calls as the publisher's.
   * @param {'run' | 'stop' | 'replay' | 'mark' | 'count'} command
   */
  async load(command) {
    if (command === 'run') void this.#run();
    if (command === 'stop') {
      this.#running = false;
      while (this.#underWay > 0) await sleep(TICK_MS);
    }
    return { counts: { ...this.counts }, anomalies: this.anomalies };
  }

  async #run() {
    this.#running = true;
    const { rate, most } = this.options;
    const began = performance.now();
    while (this.#running && this.#next < most) {
      const due = Math.floor(((performance.now() - began) * rate) / 1_000);
      while (this.#next < Math.min(due, most) && this.#underWay < 2_000) this.#launch(this.#next++);
      await sleep(TICK_MS);
    }
  }

  /** @param {number} n */
  #launch(n) {
    this.#underWay += 1;
    void this.#send(n)
      .catch((error) => this.#anomaly(`order ${n}: ${error instanceof Error ? error.message : error}`))
      .finally(() => (this.#underWay -= 1));
  }

  /** @param {string} text */
  #anomaly(text) {
    if (this.anomalies.length < MOST_ANOMALIES) this.anomalies.push(text);
  }

  /** @param {number} n */
  async #send(n) {
    const order = this.options.orderOf(n);
    const draw = hashOf(`${this.options.seed}/http/${n}`);
    this.counts.sent += 1;
    const early = draw % 20 === 0 ? this.#fate(order) : undefined;
    const { status, text } = await this.#fate(order);
    if (early) {
      await early;
      this.counts.repeats += 1;
    }
    const accepted = status === 202 ? true : status === 0 ? 'unknown' : false;
    appendFileSync(this.options.file, `${JSON.stringify({ ...order, accepted })}\n`);
    if (accepted === 'unknown') this.counts.unknown += 1;
    else if (!accepted) {
      this.counts.refused += 1;
      this.#anomaly(`${order.orderId}: ${status} ${text.slice(0, 200)}`);
    } else {
      this.counts.accepted += 1;
      await this.#repeat(order, draw);
    }
  }

  /**
   * @param {{ orderId: string, items: object[] }} order
   * @param {number} draw
   */
  async #repeat(order, draw) {
    if (draw % 20 === 1) {
      await sleep((draw >>> 8) % 3_000);
      const { status, text } = await this.#fate(order);
      this.counts.repeats += 1;
      if (status !== 0 && (status !== 202 || JSON.parse(text).duplicate !== true))
        this.#anomaly(`${order.orderId} again: ${status} ${text.slice(0, 200)}`);
    } else if (draw % 50 === 2) {
      const { status } = await this.#fate({ ...order, items: [{ id: 'shelf-0', quantity: 3 }] });
      this.counts.conflicts += 1;
      if (status !== 0 && status !== 409)
        this.#anomaly(`${order.orderId} with other items: ${status}, not 409`);
    }
  }

  /**
   * @param {{ orderId: string, items: object[] }} order
   * @returns {Promise<{ status: number, text: string }>} status 0: never learned
   */
  async #fate(order) {
    const giveUpAt = performance.now() + GIVE_UP_MS;
    for (let attempt = hashOf(order.orderId); performance.now() < giveUpAt; attempt += 1) {
      const urls = this.options.urls();
      const url = urls[attempt % Math.max(1, urls.length)];
      const answer = url === undefined ? undefined : await post(`${url}/orders`, order);
      if (answer !== undefined && answer.status < 500) return answer;
      this.counts.again += 1;
      await sleep(50 + Math.random() * 150);
    }
    return { status: 0, text: '' };
  }
}

/**
 * @param {string} url
 * @param {object} body
 */
async function post(url, body) {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return { status: response.status, text: await response.text() };
  } catch {
    return undefined;
  }
}
