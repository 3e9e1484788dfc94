import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../eventually.js';
import { freePort } from './free-port.js';
import { inlineCommand } from './inline-command.js';
import { LocalRedis } from './local-redis.js';
import type { RedisOptions } from './redis-server.js';
import { LOOPBACK, ServerProcess } from './server-process.js';

const NAME = 'onlyonce';
const READY = { withinMs: 15_000, everyMs: 25 };

export interface ReplicaSetOptions extends Omit<RedisOptions, 'keepData'> {
  /** Default 1. */
  readonly replicas?: number;
  /** Default 3; a majority of them must agree to a failover. */
  readonly sentinels?: number;
  /** How long a silent primary counts as alive, milliseconds. Default 500. */
  readonly downAfterMs?: number;
}

/** One primary and its replicas, watched by Sentinels that move the primary's part on when it dies. */
export interface RedisReplicaSet {
  /** The name under which the Sentinels know the primary. */
  readonly name: string;
  readonly sentinels: readonly { readonly host: string; readonly port: number }[];
  /** The one that was the primary first, then the replicas. */
  readonly nodes: readonly LocalRedis[];
  /** The node that the Sentinels call the primary now. */
  primary(): Promise<LocalRedis>;
  stop(): Promise<void>;
}

/** Starts a primary, replicas and Sentinels of local processes. @throws Error when redis-server is not on PATH */
export async function startRedisReplicaSet(options: ReplicaSetOptions = {}): Promise<RedisReplicaSet> {
  const { replicas = 1, sentinels: sentinelCount = 3, downAfterMs = 500, args = [], ...common } = options;
  const nodes: LocalRedis[] = [];
  const watchers: ServerProcess[] = [];
  const directory = await mkdtemp(join(tmpdir(), 'onlyonce-sentinel-'));
  const stop = async (): Promise<void> => {
    await Promise.all(watchers.map((watcher) => watcher.kill()));
    await Promise.all(nodes.map((node) => node.stop()));
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const shared = ['--repl-diskless-sync-delay', '0', ...args];
    const first = await LocalRedis.start({ ...common, args: shared });
    nodes.push(first);
    for (let n = 0; n < replicas; n += 1) {
      const follow = ['--replicaof', `${first.host} ${first.port}`];
      nodes.push(await LocalRedis.start({ ...common, args: [...shared, ...follow] }));
    }
    await eventually(() => hasReplicas(first, replicas), READY);
    const quorum = Math.floor(sentinelCount / 2) + 1;
    for (let n = 0; n < sentinelCount; n += 1) {
      const port = await freePort();
      const file = join(directory, `${port}.conf`);
      await writeFile(
        file,
        sentinelConfiguration({ port, directory, primaryPort: first.port, quorum, downAfterMs }),
      );
      const watcher = new ServerProcess(port, [file, '--sentinel']);
      watchers.push(watcher);
      await watcher.start();
    }
    const counts = { replicas, others: sentinelCount - 1 };
    await Promise.all(watchers.map(({ port }) => eventually(() => seesAll(port, counts), READY)));
  } catch (error) {
    await stop();
    throw error;
  }
  const sentinels = watchers.map(({ port }) => ({ host: LOOPBACK, port }));
  return { name: NAME, sentinels, nodes, primary: () => primaryAmong(nodes, sentinels), stop };
}

interface SentinelSettings {
  readonly port: number;
  readonly directory: string;
  readonly primaryPort: number;
  readonly quorum: number;
  readonly downAfterMs: number;
}

function sentinelConfiguration({
  port,
  directory,
  primaryPort,
  quorum,
  downAfterMs,
}: SentinelSettings): string {
  return [
    `port ${port}`,
    `bind ${LOOPBACK}`,
    `dir ${directory}`,
    `sentinel monitor ${NAME} ${LOOPBACK} ${primaryPort} ${quorum}`,
    `sentinel down-after-milliseconds ${NAME} ${downAfterMs}`,
    `sentinel failover-timeout ${NAME} 3000`,
    '',
  ].join('\n');
}

async function hasReplicas({ host, port }: LocalRedis, count: number): Promise<void> {
  const info = await inlineCommand(host, port, 'INFO replication');
  const online = info.split('\n').filter((line) => /^slave\d+:.*state=online/.test(line)).length;
  if (online < count) throw new Error(`only ${online} of ${count} replicas are connected: ${info}`);
}

async function seesAll(port: number, counts: { replicas: number; others: number }): Promise<void> {
  const fields = fieldsOf(await inlineCommand(LOOPBACK, port, `SENTINEL MASTER ${NAME}`));
  if (
    Number(fields['num-slaves']) < counts.replicas ||
    Number(fields['num-other-sentinels']) < counts.others
  ) {
    throw new Error(`a Sentinel does not see everybody: ${JSON.stringify(fields)}`);
  }
}

/** Names and values of a flat reply. */
function fieldsOf(reply: string): Record<string, string> {
  const texts = reply.split('\r\n').filter((line) => line !== '' && !/^[*$]\d+$/.test(line));
  const fields: Record<string, string> = {};
  for (let n = 0; n + 1 < texts.length; n += 2) fields[texts[n] ?? ''] = texts[n + 1] ?? '';
  return fields;
}

async function primaryAmong(
  nodes: readonly LocalRedis[],
  sentinels: RedisReplicaSet['sentinels'],
): Promise<LocalRedis> {
  for (const { host, port } of sentinels) {
    const reply = await inlineCommand(host, port, `SENTINEL GET-MASTER-ADDR-BY-NAME ${NAME}`).catch(() => '');
    const found = nodes.find((node) => reply.includes(`\r\n${node.port}\r\n`));
    if (found) return found;
  }
  throw new Error('no Sentinel names a primary');
}
