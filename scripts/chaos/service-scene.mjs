// @ts-check
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '../local/wait-for.mjs';
import { HttpLoad } from './http-load.mjs';
import { ServiceProcess } from './pods/service-process.mjs';
import { hashOf } from './random.mjs';
import { Scene } from './scene.mjs';
import { TTL_MS } from './times.mjs';

const SHELF = 6;
/** Well above one, so that a second effect shows and is not refused for lack of stock. */
const OWN_STOCK = 10;
const ORDERS = 2;
const RESULTS_GROUP = '{shop}:order_results:order:';

/** The real services, built, under the same faults: orders come in over HTTP. */
export class ServiceScene extends Scene {
  /** @type {HttpLoad | undefined} */
  #load;

  get #most() {
    return Math.ceil(this.plan.seconds * this.plan.rate * 3);
  }

  /** @param {number} n */
  #orderOf(n) {
    const orderId = `h${this.plan.seed.toString(36)}-${n}`;
    const hash = hashOf(orderId);
    // What is missing from an item that no other order touches is how often the order took effect, whatever a log says.
    const own = { id: `only-${orderId}`, quantity: 1 };
    return {
      orderId,
      items: hash % 3 === 0 ? [own] : [own, { id: `shelf-${hash % SHELF}`, quantity: 1 + (hash % 2) }],
    };
  }

  /** @override */
  async putStock() {
    /** @type {Record<string, number>} */
    const stock = {};
    for (let nth = 0; nth < SHELF; nth += 1) stock[`shelf-${nth}`] = 10 * this.#most;
    for (let n = 0; n < this.#most; n += 1) stock[`only-${this.#orderOf(n).orderId}`] = OWN_STOCK;
    writeFileSync(join(this.directory, 'start-stock.json'), JSON.stringify(stock));
    await this.redis.ask('HSET', '{shop}:stock', ...Object.entries(stock).flat());
  }

  /** @override */
  async tidy() {}

  /** @override */
  async startPods() {
    const env = {
      REDIS_URL: this.redis.url,
      LOCK_TTL_MS: String(TTL_MS),
      DD_TRACE_ENABLED: 'false',
      LOG_LEVEL: 'info',
    };
    const inventories = Math.max(2, this.settings.pods - ORDERS);
    for (const [service, count] of /** @type {const} */ ([
      ['inventory', inventories],
      ['order', ORDERS],
    ])) {
      for (let nth = 1; nth <= count; nth += 1) {
        const name = `${service}-${nth}`;
        const strategy = nth % 2 === 1 ? 'race' : 'pull';
        const pod = await ServiceProcess.create({
          service,
          name,
          logFile: join(this.directory, 'logs', `${name}.jsonl`),
          env: { ...env, CLAIM_STRATEGY: strategy, HANDLER_DELAY_MS: service === 'inventory' ? '20' : '0' },
        });
        this.pods.add(pod);
        if (pod.pid !== undefined) this.onProcess(name, pod.pid, pod.program);
      }
    }
    await this.pods.allReady();
  }

  /** @override */
  async startPublisher() {
    const urls = () =>
      this.pods.pods.flatMap((pod) =>
        pod instanceof ServiceProcess && pod.service === 'order' && pod.ready ? [pod.url] : [],
      );
    this.#load = new HttpLoad({
      seed: this.plan.seed,
      rate: this.plan.rate,
      file: join(this.directory, 'accepted.jsonl'),
      orderOf: (n) => this.#orderOf(n),
      urls,
      most: this.#most,
    });
  }

  /**
   * @override
   * @param {'run' | 'stop' | 'replay' | 'mark' | 'count'} command
   */
  async load(command) {
    if (this.#load === undefined) throw new Error('there is no load yet');
    return this.#load.load(command);
  }

  /**
   * Both groups: orders are settled when the order service has heard of it, too.
   * @override
   * @param {number} deadlineMs
   */
  async settled(deadlineMs) {
    await super.settled(deadlineMs);
    const empty = async () => Number(await this.redis.ask('XLEN', `${RESULTS_GROUP}log`)) === 0;
    await waitFor('settling of the results', empty, { deadlineMs }).catch((error) =>
      this.blame(error.message),
    );
  }

  /** @override */
  async invariants() {
    const wrongs = [];
    const lines = readFileSync(join(this.directory, 'accepted.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .filter(Boolean);
    const orders = lines.map((line) => JSON.parse(line));
    const cells = /** @type {string[]} */ (
      /** @type {unknown} */ (await this.redis.ask('HGETALL', '{shop}:stock'))
    );
    const stock = new Map();
    for (let at = 0; at + 1 < cells.length; at += 2) stock.set(cells[at], Number(cells[at + 1]));
    let effects = 0;
    const certain = orders.filter(({ accepted }) => accepted === true);
    for (const { orderId } of orders) {
      const times = OWN_STOCK - stock.get(`only-${orderId}`);
      effects += times;
      if (times > 1) wrongs.push(`I5: ${orderId} took effect ${times} times`);
    }
    const without = certain.filter(({ orderId }) => stock.get(`only-${orderId}`) === OWN_STOCK);
    if (without.length > 0)
      wrongs.push(`I6: ${without.length} accepted orders without an effect, such as ${without[0].orderId}`);
    for (const prefix of [this.groupPrefix, RESULTS_GROUP]) {
      const [log, held] = await Promise.all([
        this.redis.ask('XLEN', `${prefix}log`),
        this.redis.ask('HLEN', `${prefix}held`),
      ]);
      if (Number(log) > 0 || Number(held) > 0)
        wrongs.push(`I2: ${log} entries and ${held} held in ${prefix} at rest`);
    }
    return { wrongs, effects, rejected: 0, dead: 0, accepted: certain.length };
  }
}
