import { InvalidInputError, systemClock, type LockProvider } from '@onlyonce/core';
import { withDeadline } from '../call-deadline.js';
import {
  connectionOptions,
  type ConnectionOptions,
  type ConnectionSettings,
} from '../connection/connection-options.js';
import { openClient, type RedisClient } from '../connection/redis-client.js';
import { closeClient } from '../connection/close-client.js';
import { withoutArguments } from '../errors/without-arguments.js';
import { RedlockLockProvider, type RedlockOptions } from './redlock-lock-provider.js';

const CONNECTED_WITHIN_MS = 2_000;

/** Locks over nodes of their own, with the clients that were opened for them. */
export interface LockNodes {
  readonly locks: LockProvider;
  close(): Promise<void>;
}

/** What all nodes have in common. */
export type LockNodeSettings = RedlockOptions & Omit<ConnectionSettings, 'url' | 'sentinelMaster'>;

/**
 * Opens a client to each of the nodes of LOCK_NODES. Resolves when a majority is connected, or after two seconds
 * without it: the nodes may come later, and calls say "unavailable" until then.
 * @throws InvalidInputError naming LOCK_NODES
 */
export async function redlockOver(urls: readonly string[], settings: LockNodeSettings): Promise<LockNodes> {
  // All settings first, so that a fault in the last one leaves no connection open.
  const nodes = urls.map((url) => nodeOptions(url, settings));
  if (nodes.length % 2 === 0) throw new InvalidInputError('LOCK_NODES', 'must name an odd number of nodes');
  const clients = nodes.map((node) => openClient(node));
  for (const client of clients) {
    client.on('error', (error: Error) => settings.onNodeError?.(withoutArguments(error)));
  }
  await majorityReady(clients);
  return {
    locks: new RedlockLockProvider(clients, { clock: systemClock, ...settings }),
    async close() {
      await Promise.all(clients.map((client) => closeClient(client)));
    },
  };
}

function nodeOptions(url: string, settings: LockNodeSettings): ConnectionOptions {
  try {
    return connectionOptions({ ...settings, url });
  } catch (error) {
    throw error instanceof InvalidInputError ? new InvalidInputError('LOCK_NODES', error.reason) : error;
  }
}

async function majorityReady(clients: readonly RedisClient[]): Promise<void> {
  const quorum = Math.floor(clients.length / 2) + 1;
  const majority = new Promise<void>((resolve) => {
    let ready = 0;
    for (const client of clients) {
      client.once('ready', () => {
        ready += 1;
        if (ready === quorum) resolve();
      });
    }
  });
  await withDeadline(majority, CONNECTED_WITHIN_MS, 'connecting to the lock nodes').catch(() => {
    // Said by the first call that needs them.
  });
}
