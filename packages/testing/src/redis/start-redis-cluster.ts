import { eventually } from '../eventually.js';
import { freePort } from './free-port.js';
import { inlineCommand } from './inline-command.js';
import { LocalRedis } from './local-redis.js';
import type { RedisOptions } from './redis-server.js';

const SLOTS = 16_384;
const MASTERS = 3;
const READY = { withinMs: 15_000, everyMs: 25 };

/** Three masters without replicas. */
export interface RedisCluster {
  readonly nodes: readonly LocalRedis[];
  stop(): Promise<void>;
}

/** Starts a Redis Cluster of local processes. @throws Error when redis-server is not on PATH */
export async function startRedisCluster(options: Omit<RedisOptions, 'keepData'> = {}): Promise<RedisCluster> {
  const nodes: LocalRedis[] = [];
  const cluster: RedisCluster = {
    nodes,
    stop: async () => {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
  try {
    for (let n = 0; n < MASTERS; n += 1) nodes.push(await startNode(options));
    await Promise.all(nodes.map(giveSlots));
    const [first] = nodes;
    for (const { host, port, busPort } of await busPorts(nodes)) {
      await inlineCommand(
        first?.host ?? host,
        first?.port ?? port,
        `CLUSTER MEET ${host} ${port} ${busPort}`,
      );
    }
    await Promise.all(nodes.map((node) => eventually(() => knowsAll(node), READY)));
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function startNode({ args = [], ...options }: RedisOptions): Promise<LocalRedis> {
  // Its own choice would be the port + 10,000, which may lie beyond the last port.
  const busPort = await freePort();
  const clusterArguments = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort)];
  return LocalRedis.start({
    ...options,
    args: [...clusterArguments, '--cluster-node-timeout', '2000', ...args],
  });
}

async function giveSlots({ host, port }: LocalRedis, index: number): Promise<void> {
  const first = Math.floor((index * SLOTS) / MASTERS);
  const last = Math.floor(((index + 1) * SLOTS) / MASTERS) - 1;
  await inlineCommand(host, port, `CLUSTER ADDSLOTSRANGE ${first} ${last}`);
}

/** Where the nodes speak to each other. */
function busPorts(nodes: readonly LocalRedis[]): Promise<{ host: string; port: number; busPort: string }[]> {
  return Promise.all(
    nodes.map(async ({ host, port }) => {
      const reply = await inlineCommand(host, port, 'CONFIG GET cluster-port');
      return { host, port, busPort: reply.trimEnd().split('\r\n').at(-1) ?? '' };
    }),
  );
}

async function knowsAll({ host, port }: LocalRedis): Promise<void> {
  const info = await inlineCommand(host, port, 'CLUSTER INFO');
  const complete = ['cluster_state:ok', `cluster_slots_ok:${SLOTS}`, `cluster_known_nodes:${MASTERS}`];
  for (const line of complete) if (!info.includes(line)) throw new Error(`the cluster is not ready: ${info}`);
}
