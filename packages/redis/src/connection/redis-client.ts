import { Cluster, Redis } from 'ioredis';
import type { ConnectionOptions } from './connection-options.js';

/** A client as it is lent to this package: single (Sentinel included) or Cluster. */
export type RedisClient = Redis | Cluster;

/** Opens a client. It starts to connect at once and never throws for a server that is away; whoever opens it closes it. */
export function openClient(connection: ConnectionOptions): RedisClient {
  return connection.type === 'cluster'
    ? new Cluster(connection.nodes, connection.options)
    : new Redis(connection.options);
}

/**
 * Whether the client speaks to a cluster. Not `instanceof`: a service may have its own copy of the driver.
 */
export function isCluster(client: RedisClient): client is Cluster {
  return client.isCluster;
}
