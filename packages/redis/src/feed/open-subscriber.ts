import type { Redis, RedisOptions } from 'ioredis';
import { owningNode } from '../connection/owning-node.js';
import { isCluster, type RedisClient } from '../connection/redis-client.js';

/**
 * What a subscriber needs whatever the lent client was made with. It never reconnects by itself: its owner opens a
 * new one, subscribes and waits for the confirmation. The driver's own resubscription tells nobody when it is
 * confirmed, and its Cluster variant gives up silently when it fails.
 */
const SUBSCRIBER = {
  retryStrategy: null,
  autoResubscribe: false,
  autoResendUnfulfilledCommands: false,
  enableOfflineQueue: false,
  enableReadyCheck: true,
  maxRetriesPerRequest: 0,
  maxLoadingRetryTime: 500,
  lazyConnect: false,
  readOnly: false,
  connectTimeout: 2_000,
  disconnectTimeout: 250,
  socketTimeout: 5_000,
  sentinelCommandTimeout: 1_500,
  // A prefix would be put before channels too, and the scripts publish without one.
  keyPrefix: '',
} satisfies RedisOptions;

/**
 * Opens a connection to listen on. In a cluster a plain PUBLISH reaches every node, so any node would do; the owner of
 * the namespace is taken, since nobody is served while it is away, and hears it without a hop.
 * @returns undefined while no node of the cluster is known
 */
export function openSubscriber(client: RedisClient, namespace: string): Redis | undefined {
  const settings = { ...SUBSCRIBER, connectionName: `${connectionName(client)}:feed` };
  if (!isCluster(client)) return client.duplicate(settings);
  const node = owningNode(client, namespace) ?? client.nodes('master')[0];
  return node?.duplicate(settings);
}

function connectionName(client: RedisClient): string {
  const { connectionName: name } = isCluster(client) ? (client.options.redisOptions ?? {}) : client.options;
  return name ?? 'onlyonce';
}
