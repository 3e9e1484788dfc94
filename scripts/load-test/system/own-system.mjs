// @ts-check
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isRunning } from '../../local/living-process.mjs';
import { Processes } from '../../local/processes.mjs';
import { startRedis } from '../../local/redis.mjs';
import { StartedList } from '../../local/started.mjs';
import { stateDirectory } from '../../local/state-directory.mjs';
import { FileTails } from '../capture/file-tails.mjs';

const PREFIX = 'load-';
const SCRIPT = 'load-test/main.mjs';

/** One order process, the replicas asked for and a Redis, started here and ended here. */
export class OwnSystem {
  #directory = stateDirectory(`${PREFIX}${process.pid}`);
  #started = new StartedList(join(this.#directory, 'started.json'));
  #namespace = `load-${process.pid}-${Date.now().toString(36)}`;
  /** @type {Processes | undefined} */
  #processes;
  /** @type {import('../../local/redis.mjs').OwnRedis | undefined} */
  #redis;
  what = '';
  orderUrl = '';
  inventoryUrl = '';
  /** @type {readonly string[]} */
  judgedBy = [];
  /** @type {FileTails | undefined} */
  lines;

  /** @param {string} directory of the run: the logs go there at once */
  constructor(directory) {
    this.logDirectory = join(directory, 'logs');
  }

  get logFiles() {
    return readdirSync(this.logDirectory).map((name) => join(this.logDirectory, name));
  }

  /**
   * @param {import('../settings.mjs').LoadSettings} settings
   * @param {(text: string) => void} say
   */
  async start({ replicas, ttlMs, apiKey, adminApiKey }, say) {
    await endAbandoned();
    mkdirSync(this.logDirectory, { recursive: true });
    const redisUrl = await this.#startRedis();
    say(
      `Redis: ${this.#redis?.how ?? 'the one of REDIS_URL'}. Starting 1 order and ${replicas} inventory processes ...`,
    );
    const processes = new Processes({
      logDirectory: this.logDirectory,
      env: {
        REDIS_URL: redisUrl,
        NAMESPACE: this.#namespace,
        LOCK_TTL_MS: String(ttlMs),
        LOG_LEVEL: 'info',
        // TARGET and the like are ours, GROUP and PORT are theirs: what both might read is said here.
        API_KEY: apiKey ?? '',
        ADMIN_API_KEY: adminApiKey ?? '',
        DD_TRACE_ENABLED: process.env['DD_TRACE_ENABLED'] ?? 'false',
      },
      onStart: (pod) => this.#started.note(pod.started),
    });
    this.#processes = processes;
    const order = await processes.start('order', 'order-1');
    let inventory = order;
    for (let number = replicas; number >= 1; number -= 1)
      inventory = await processes.start('inventory', `inventory-${number}`);
    await processes.allReady();
    this.orderUrl = order.url;
    this.inventoryUrl = inventory.url;
    this.what = `1 order and ${replicas} inventory processes, ${this.#redis?.how ?? 'the Redis of REDIS_URL'}`;
    this.judgedBy = ['--redis-url', redisUrl, '--namespace', this.#namespace];
    this.lines = new FileTails([join(this.logDirectory, '*.jsonl')], { fromBeginning: true });
  }

  /** Ends the processes; Redis stays, to be asked. */
  async close() {
    await this.#processes?.endAll('SIGTERM');
  }

  async clear() {
    await this.close();
    await this.#redis?.remove();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  killNow() {
    this.#processes?.killAllNow();
    this.#redis?.killNow();
  }

  async #startRedis() {
    const given = process.env['REDIS_URL'];
    if (given) return given;
    this.#redis = await startRedis({ name: `${PREFIX}${process.pid}`, directory: this.#directory });
    this.#started.note(this.#redis.started);
    return this.#redis.url;
  }
}

/** Ends what load tests left running that were killed themselves. */
async function endAbandoned() {
  const home = stateDirectory();
  for (const name of readdirSync(home).filter((entry) => /^load-\d+$/.test(entry))) {
    const owner = Number(basename(name).slice(PREFIX.length));
    if (owner === process.pid || isRunning(owner, SCRIPT)) continue;
    await new StartedList(join(home, name, 'started.json')).endAll(0);
    rmSync(join(home, name), { recursive: true, force: true });
  }
}
