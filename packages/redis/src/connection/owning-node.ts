import type { Redis } from 'ioredis';
import { hashSlot } from './hash-slot.js';
import { isCluster, type RedisClient } from './redis-client.js';

/**
 * The server that holds a namespace's keys: the client itself, or in a cluster the master of the namespace's slot.
 * Undefined while the cluster's map is not known, or its owner is not connected. Ask again each time: owners change.
 */
export function owningNode(client: RedisClient, namespace: string): Redis | undefined {
  if (!isCluster(client)) return client;
  const owner = client.slots[hashSlot(`{${namespace}}`)]?.[0];
  return client
    .nodes('master')
    .find(({ options }) => `${options.host ?? ''}:${options.port ?? ''}` === owner);
}
