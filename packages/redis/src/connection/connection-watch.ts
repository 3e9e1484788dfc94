import { systemClock, type Cancel, type Clock } from '@onlyonce/core';
import type { Redis } from 'ioredis';
import { withDeadline } from '../call-deadline.js';
import { asError } from '../errors/as-error.js';
import { withoutArguments } from '../errors/without-arguments.js';
import { owningNode } from './owning-node.js';
import { isCluster, type RedisClient } from './redis-client.js';

const PING_EVERY_MS = 1_000;
const PONG_WITHIN_MS = 2_000;
const FRESH_MS = 3_000;

export interface ConnectionWatchOptions {
  readonly namespace: string;
  readonly clock?: Clock;
  /** What the client reports; it reconnects by itself. */
  readonly onError?: (error: Error) => void;
}

/**
 * Knows whether the lent client can be used now, and makes it reconnect when its socket is silent: on a half-open
 * one the driver waits as long as TCP does, a quarter of an hour. In a cluster it watches the namespace's owner.
 */
export class ConnectionWatch {
  private readonly clock: Clock;
  private cancel: Cancel;
  private answeredAtMs: number;
  private stopped = false;
  private last: Error | undefined;

  constructor(
    private readonly client: RedisClient,
    private readonly options: ConnectionWatchOptions,
  ) {
    this.clock = options.clock ?? systemClock;
    // "ready" means that the server has just answered the handshake.
    this.answeredAtMs = client.status === 'ready' ? this.clock.monotonicMs() : Number.NEGATIVE_INFINITY;
    client.on('ready', this.onReady);
    client.on('error', this.onError);
    this.cancel = this.clock.after(PING_EVERY_MS, this.turn);
  }

  /** Whether a call would be answered, as far as this pod knows. Cheap and immediate. */
  get available(): boolean {
    if (this.client.status !== 'ready') return false;
    if (this.clock.monotonicMs() - this.answeredAtMs >= FRESH_MS) return false;
    return !isCluster(this.client) || owningNode(this.client, this.options.namespace) !== undefined;
  }

  /** Why the client is not connected, as far as the driver said; undefined once it is. */
  get lastError(): Error | undefined {
    return this.client.status === 'ready' ? undefined : this.last;
  }

  /** Ends the watch. The client is not closed: it was lent. Its listener for errors stays, so that none is thrown. */
  stop(): void {
    this.stopped = true;
    this.cancel();
    this.client.off('ready', this.onReady);
  }

  private readonly onReady = (): void => {
    this.answeredAtMs = this.clock.monotonicMs();
  };

  private readonly onError = (error: Error): void => {
    this.last = withoutArguments(error);
    if (!this.stopped) this.options.onError?.(this.last);
  };

  private readonly turn = (): void => {
    void this.ping().finally(() => {
      if (!this.stopped) this.cancel = this.clock.after(PING_EVERY_MS, this.turn);
    });
  };

  private async ping(): Promise<void> {
    // Any other status is on its way to "ready" already. Cutting a client that is still connecting ends it for good.
    if (this.client.status !== 'ready') return;
    const node = owningNode(this.client, this.options.namespace);
    if (!node) {
      this.findOwner();
      return;
    }
    try {
      await withDeadline(node.ping(), PONG_WITHIN_MS, 'PING');
      this.answeredAtMs = this.clock.monotonicMs();
    } catch (error) {
      if (this.stopped) return;
      this.onError(asError(error));
      this.cut(node);
    }
  }

  /** Makes calls under way fail now rather than never, and the client connect anew. */
  private cut(node: Redis): void {
    if (node.status !== 'ready') return;
    node.disconnect(!isCluster(this.client));
    this.findOwner();
  }

  /** A node of a cluster that ended is forgotten and comes back only with the next map of slots. */
  private findOwner(): void {
    if (isCluster(this.client)) this.client.refreshSlotsCache();
  }
}
