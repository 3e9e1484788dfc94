// @ts-check
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { isRunning } from '../local/living-process.mjs';
import { Processes } from '../local/processes.mjs';
import { startRedis } from '../local/redis.mjs';
import { StartedList } from '../local/started.mjs';
import { ROOT, stateDirectory } from '../local/state-directory.mjs';

const PREFIX = 'demo-';
const SCRIPT = 'demo/main.mjs';

/** All that the demo starts, in a folder of its own, and its end. */
export class Stage {
  #directory = stateDirectory(`${PREFIX}${process.pid}`);
  #started = new StartedList(join(this.#directory, 'started.json'));
  /** @type {Processes | undefined} */
  #processes;
  /** @type {import('../local/redis.mjs').OwnRedis | undefined} */
  #redis;
  #redisUrl = '';
  /** Keys of its own, in case the Redis is somebody's and not empty. */
  #namespace = `demo-${process.pid}-${Date.now().toString(36)}`;
  #cleared = false;

  /** @returns {Promise<string>} which one, for people */
  async startRedis() {
    await endAbandoned(dirname(this.#directory));
    const given = process.env['REDIS_URL'];
    if (given) {
      this.#redisUrl = given;
      return 'the one of REDIS_URL';
    }
    this.#redis = await startRedis({ name: `${PREFIX}${process.pid}`, directory: this.#directory });
    this.#started.note(this.#redis.started);
    this.#redisUrl = this.#redis.url;
    return this.#redis.how;
  }

  /** @param {import('./settings.mjs').DemoSettings} settings */
  async startPods({ lockTtlMs, handlerDelayMs }) {
    const logDirectory = join(this.#directory, 'logs');
    mkdirSync(logDirectory);
    const env = {
      REDIS_URL: this.#redisUrl,
      LOCK_TTL_MS: String(lockTtlMs),
      LOG_LEVEL: 'info',
      DD_TRACE_ENABLED: 'false',
      ...(this.#redis ? {} : { NAMESPACE: this.#namespace }),
    };
    const processes = new Processes({ logDirectory, env, onStart: (pod) => this.#started.note(pod.started) });
    this.#processes = processes;
    const order = await processes.start('order', 'order-1');
    const slow = { env: { HANDLER_DELAY_MS: String(handlerDelayMs) } };
    const inventories = [];
    for (const name of ['inventory-1', 'inventory-2', 'inventory-3']) {
      inventories.push(await processes.start('inventory', name, slow));
    }
    await processes.allReady();
    return { order, inventories };
  }

  /** Where `clear` keeps the logs of the last demo. */
  get keptLogs() {
    return relative(ROOT, join(dirname(this.#directory), 'demo'));
  }

  /** @param {{ keepLogs: boolean }} options */
  async clear({ keepLogs }) {
    if (this.#cleared) return;
    this.#cleared = true;
    await this.#processes?.endAll('SIGTERM');
    await this.#redis?.remove();
    const logs = join(this.#directory, 'logs');
    if (keepLogs && existsSync(logs)) {
      const kept = join(ROOT, this.keptLogs);
      rmSync(kept, { recursive: true, force: true });
      cpSync(logs, kept, { recursive: true });
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** For the last moment of this process. What is left then (a container) the next demo ends. */
  killNow() {
    this.#processes?.killAllNow();
    this.#redis?.killNow();
  }
}

/**
 * Ends what demos left running that were killed themselves.
 * @param {string} home
 */
async function endAbandoned(home) {
  for (const name of readdirSync(home).filter((entry) => entry.startsWith(PREFIX))) {
    const owner = Number(basename(name).slice(PREFIX.length));
    if (owner === process.pid || isRunning(owner, SCRIPT)) continue;
    await new StartedList(join(home, name, 'started.json')).endAll(0);
    rmSync(join(home, name), { recursive: true, force: true });
  }
}
