import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from '../../../scripts/local/living-process.mjs';
import type { Pod, Service } from '../../../scripts/local/pod.mjs';
import { Processes } from '../../../scripts/local/processes.mjs';
import { redisCommand, type Reply } from '../../../scripts/local/redis-wire.mjs';
import { RedisInDocker } from '../../../scripts/local/redis-in-docker.mjs';
import { startRedis, type OwnRedis } from '../../../scripts/local/redis.mjs';
import { StartedList } from '../../../scripts/local/started.mjs';
import { stateDirectory } from '../../../scripts/local/state-directory.mjs';
import { waitFor } from '../../../scripts/local/wait-for.mjs';
import { Customer } from './customer.js';
import { eachOf } from './each.js';
import { call, type Answer } from './http.js';
import { PodLog } from './pod-log.js';

export interface ShopOptions {
  /** Names its folder; one per test file. */
  readonly name: string;
  readonly replicas?: number;
  readonly orders?: number;
  /** For every pod. */
  readonly env?: Readonly<Record<string, string>>;
  /** For each inventory pod, by its place. */
  readonly inventoryEnv?: (place: number) => Record<string, string>;
}

/** Short, so that a test need not wait long for a lock to run out. */
export const LOCK_TTL_MS = 1_500;
/** The longest that anything may be stuck once the fault is over. */
export const STUCK_AT_MOST_MS = LOCK_TTL_MS + 5_000;

const USUAL = {
  LOCK_TTL_MS: String(LOCK_TTL_MS),
  LOG_LEVEL: 'info',
  DD_TRACE_ENABLED: 'false',
};

/** A Redis of its own and real processes; the logs stay in `.onlyonce/e2e/` until the next run. */
export class Shop {
  readonly inventories: Pod[] = [];
  readonly orderPods: Pod[] = [];
  private readonly logs = new Map<Pod, PodLog>();

  private constructor(
    readonly redis: OwnRedis,
    private readonly processes: Processes,
  ) {}

  static async open(options: ShopOptions): Promise<Shop> {
    const directory = await freshDirectory(options.name);
    const started = new StartedList(join(directory, 'started.json'));
    // A redis-server first: killing it is a matter of milliseconds.
    const redis = await startRedis({
      name: `e2e-${options.name}-${process.pid}`,
      directory,
      first: 'server',
    });
    started.note(redis.started);
    const processes = new Processes({
      logDirectory: directory,
      env: { ...USUAL, REDIS_URL: redis.url, ...options.env },
      onStart: (pod) => {
        started.note(pod.started);
      },
    });
    const shop = new Shop(redis, processes);
    try {
      for (let place = 1; place <= (options.orders ?? 1); place += 1)
        await shop.add('order', `order-${place}`);
      for (let place = 1; place <= (options.replicas ?? 3); place += 1) {
        await shop.add('inventory', `inventory-${place}`, options.inventoryEnv?.(place) ?? {});
      }
      await processes.allReady();
      return shop;
    } catch (error) {
      await shop.close();
      throw error;
    }
  }

  /** Starts one more process; does not wait until it is ready. */
  async add(service: Service, name: string, env: Record<string, string> = {}): Promise<Pod> {
    const pod = await this.processes.start(service, name, { env });
    (service === 'order' ? this.orderPods : this.inventories).push(pod);
    this.logs.set(pod, new PodLog(pod));
    return pod;
  }

  /** Kills and waits for the end; `pod.start()` brings it back. */
  async kill(pod: Pod): Promise<void> {
    await pod.end('SIGKILL');
  }

  async ready(...pods: readonly Pod[]): Promise<void> {
    await Promise.all(pods.map((pod) => pod.ready()));
  }

  log(pod: Pod): PodLog {
    const log = this.logs.get(pod);
    if (log === undefined) throw new Error(`${pod.name} is not of this shop`);
    return log;
  }

  /** How often one inventory pod took over what another had left behind. */
  takeovers(): number {
    return this.inventories.reduce((sum, pod) => sum + this.log(pod).takeovers(), 0);
  }

  customer(): Customer {
    return new Customer(() => this.order.url);
  }

  /** One that runs. */
  get order(): Pod {
    return running(this.orderPods);
  }

  /** One that runs. */
  get inventory(): Pod {
    return running(this.inventories);
  }

  /** Asks Redis itself. */
  ask(...command: readonly (string | number)[]): Promise<Reply> {
    return redisCommand(this.redis.port, command);
  }

  async putStock(stock: ReadonlyMap<string, number>): Promise<void> {
    await eachOf([...stock], ([id, quantity]) => this.askInventory('PUT', `/stock/${id}`, { quantity }));
  }

  async stock(ids: readonly string[]): Promise<Map<string, number>> {
    const counts = await eachOf(ids, async (id) => {
      const { body } = await this.askInventory('GET', `/stock/${id}`);
      return Number(body['available']);
    });
    return new Map(ids.map((id, index) => [id, counts[index] ?? Number.NaN]));
  }

  /** Patient with a pod that is about to find its Redis again: what a test asks about is another pod's work. */
  private async askInventory(method: string, path: string, body?: unknown): Promise<Answer> {
    const ask = async () => {
      const answer = await call(method, `${this.inventory.url}${path}`, body);
      return answer.status !== 503 && answer;
    };
    const answer = await waitFor(`an answer to ${method} ${path}`, ask, { deadlineMs: STUCK_AT_MOST_MS });
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  }

  async close(): Promise<void> {
    await this.processes.endAll('SIGKILL');
    // A redis-server leaves its append-only file beside the logs: it is the history of what happened.
    if (this.redis instanceof RedisInDocker) await this.redis.remove();
    else await this.redis.kill();
  }
}

function running(pods: readonly Pod[]): Pod {
  const pod = pods.find((each) => each.running) ?? pods[0];
  if (pod === undefined) throw new Error('the shop has no such pod');
  return pod;
}

/** A folder of this process; what runs that were killed left behind is ended and deleted. */
async function freshDirectory(name: string): Promise<string> {
  const home = stateDirectory('e2e', name);
  for (const entry of readdirSync(home)) {
    const owner = Number(entry);
    if (owner !== process.pid && isRunning(owner, 'jest')) continue;
    const old = join(home, entry);
    await new StartedList(join(old, 'started.json')).endAll(0);
    rmSync(old, { recursive: true, force: true });
  }
  const directory = join(home, String(process.pid));
  mkdirSync(directory);
  return directory;
}
