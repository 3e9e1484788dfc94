import {
  checkedName,
  InvalidInputError,
  type Backend,
  type Feed,
  type LockProvider,
  type MessageStore,
  type StoreFacts,
} from '@onlyonce/core';
import { closeClient } from './connection/close-client.js';
import { ConnectionWatch } from './connection/connection-watch.js';
import { isCluster, type RedisClient } from './connection/redis-client.js';
import { translateError } from './errors/translate-error.js';
import { withoutArguments } from './errors/without-arguments.js';
import { RedisFeed } from './feed/redis-feed.js';
import { cleanUpProbe } from './guarantee/clean-up-probe.js';
import { preflight } from './guarantee/preflight.js';
import { readFacts } from './guarantee/read-facts.js';
import { readServer } from './guarantee/read-server.js';
import { requireVersion } from './guarantee/require-version.js';
import { RedlockLockProvider } from './locks/redlock-lock-provider.js';
import { ScriptRunner } from './scripts/script-runner.js';
import { Keys } from './store/keys.js';
import { planLayout } from './store/layout.js';
import { RedisMessageStore } from './store/redis-message-store.js';

const WEEK_MS = 7 * 86_400_000;
/** Ahead of the server's clock by more than this, an id's time is thought wrong. */
const FUTURE_MS = 60_000;
const RECENT_BATCHES = 5_000;
/** Pods scan every half TTL; one that has been silent for this long is gone. */
const POD_TIMEOUT_MS = 15_000;

export interface RedisBackendOptions {
  /** Lent: never closed here. Made with `redisConnection`, or with settings that fail at once while disconnected. */
  readonly client: RedisClient;
  /** The hash tag of every key. Default `shop`. */
  readonly namespace?: string;
  /** `replicated`: a message counts as accepted when `waitReplicas` replicas have it. Default `local`. */
  readonly durability?: 'local' | 'replicated';
  /** Default 1; only with `replicated`. */
  readonly waitReplicas?: number;
  /** How long processed ids are remembered, milliseconds; Infinity for ever. Default 7 days. */
  readonly retentionMs?: number;
  /** The rate to plan buckets of ids for. Default 1,000. */
  readonly expectedMessagesPerSecond?: number;
  /** How long one call may take, milliseconds. Default 1,000. */
  readonly callDeadlineMs?: number;
  /** What goes wrong with connections; they mend themselves. */
  readonly onError?: (error: Error) => void;
}

/** The engine's store, feed and duty lock on one Redis: standalone, behind Sentinel, or a Cluster. */
export function redisBackend(options: RedisBackendOptions): Backend {
  return new RedisBackend(options);
}

class RedisBackend implements Backend {
  readonly store: MessageStore;
  readonly feed: Feed;
  readonly dutyLock: LockProvider;
  private readonly redisFeed: RedisFeed;
  private readonly names: Keys;
  private readonly watch: ConnectionWatch;
  /** Opened here, and so closed here: WAIT needs a connection of its own. */
  private readonly ownPublisher: RedisClient | undefined;

  constructor(private readonly options: RedisBackendOptions) {
    const namespace = checkedName('namespace', options.namespace ?? 'shop');
    const {
      client,
      retentionMs = WEEK_MS,
      expectedMessagesPerSecond = 1_000,
      callDeadlineMs = 1_000,
    } = options;
    if (retentionMs < 60_000) throw new InvalidInputError('retentionMs', 'must be at least 60,000');
    if (!(expectedMessagesPerSecond > 0))
      throw new InvalidInputError('expectedMessagesPerSecond', 'must be above 0');
    const waitReplicas = options.durability === 'replicated' ? (options.waitReplicas ?? 1) : 0;
    this.names = new Keys(namespace);
    const scripts = new ScriptRunner(client, callDeadlineMs);
    this.ownPublisher = waitReplicas > 0 ? duplicateOf(client, options.onError) : undefined;
    this.store = new RedisMessageStore(
      {
        client,
        scripts,
        publisher: this.ownPublisher ?? client,
        publisherScripts: this.ownPublisher ? new ScriptRunner(this.ownPublisher, callDeadlineMs) : scripts,
      },
      this.names,
      {
        retentionMs,
        futureMs: FUTURE_MS,
        recentBatches: RECENT_BATCHES,
        podTimeoutMs: POD_TIMEOUT_MS,
        expectedMessagesPerSecond,
        waitReplicas,
        waitTimeoutMs: callDeadlineMs,
      },
    );
    const told = options.onError ? { onError: options.onError } : {};
    this.watch = new ConnectionWatch(client, { namespace, ...told });
    this.redisFeed = new RedisFeed(client, { namespace, ...told });
    this.feed = this.redisFeed;
    this.dutyLock = new RedlockLockProvider([client], { namespace });
  }

  get available(): boolean {
    return this.watch.available;
  }

  async preflight(): Promise<void> {
    const { client, retentionMs = WEEK_MS, expectedMessagesPerSecond = 1_000 } = this.options;
    const layout = planLayout(expectedMessagesPerSecond, retentionMs);
    try {
      requireVersion(await readServer(client, this.names.namespace));
      await preflight(this.store, (probe) => cleanUpProbe(client, this.names, layout, probe));
    } catch (error) {
      throw translateError(error, 'preflight');
    }
  }

  readFacts(): Promise<StoreFacts> {
    return readFacts(this.options.client, this.names.namespace);
  }

  async close(): Promise<void> {
    this.watch.stop();
    await this.redisFeed.close();
    if (this.ownPublisher) await closeClient(this.ownPublisher);
  }
}

function duplicateOf(client: RedisClient, onError: ((error: Error) => void) | undefined): RedisClient {
  const duplicate = isCluster(client) ? client.duplicate() : client.duplicate();
  // An error that nobody listens to would end the process; the client reconnects by itself.
  duplicate.on('error', (error: Error) => onError?.(withoutArguments(error)));
  return duplicate;
}
