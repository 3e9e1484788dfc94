import type { Cancel, Clock, Random } from '@onlyonce/core';
import type { Redis } from 'ioredis';
import { withDeadline } from '../call-deadline.js';
import { closeClient } from '../connection/close-client.js';
import { reconnectDelayMs } from '../connection/reconnect-delay.js';
import { asError } from '../errors/as-error.js';
import { withoutArguments } from '../errors/without-arguments.js';

const PING_EVERY_MS = 1_000;
const PONG_WITHIN_MS = 2_000;

export interface FeedConnectionEvents {
  /** Connected, nothing subscribed yet. */
  onReady(redis: Redis): void;
  /** A ping was just answered: a good moment to try again what was refused. */
  onAlive(redis: Redis): void;
  onLost(): void;
  onMessage(channel: string, text: string): void;
  onError(error: Error): void;
}

/**
 * Keeps one connection to listen on: opens a new one whenever the last has ended, until it is closed. Pings it, since
 * a half-open socket of a listener is silent: nothing is sent that could fail.
 */
export class FeedConnection {
  private current: Redis | undefined;
  private cancel: Cancel = () => undefined;
  private failures = 0;
  private state: 'new' | 'open' | 'closed' = 'new';
  /** Why there is no connection, as far as the driver said. */
  lastError: Error | undefined;

  constructor(
    private readonly openRedis: () => Redis | undefined,
    private readonly events: FeedConnectionEvents,
    private readonly deps: { readonly clock: Clock; readonly random: Random },
  ) {}

  /** Opens it, if that was not done before. */
  open(): void {
    if (this.state !== 'new') return;
    this.state = 'open';
    this.connect();
  }

  /** The connection, if it can be used now. */
  get ready(): Redis | undefined {
    return this.current?.status === 'ready' ? this.current : undefined;
  }

  /** Ends the connection; a new one is opened. */
  drop(redis: Redis): void {
    redis.disconnect();
  }

  /** Resolves when the socket is closed. */
  async close(): Promise<void> {
    this.state = 'closed';
    this.cancel();
    if (this.current) await closeClient(this.current);
  }

  private connect(): void {
    const redis = this.openRedis();
    if (!redis) {
      this.connectLater();
      return;
    }
    this.current = redis;
    redis.on('error', (error: Error) => {
      this.lastError = withoutArguments(error);
      this.events.onError(this.lastError);
    });
    redis.on('message', (channel: string, text: string) => {
      this.events.onMessage(channel, text);
    });
    redis.once('ready', () => {
      // Emitted one turn later: it may have been closed since.
      if (redis.status !== 'ready') return;
      this.failures = 0;
      this.lastError = undefined;
      this.pingLater(redis);
      this.events.onReady(redis);
    });
    redis.once('end', () => {
      this.current = undefined;
      this.cancel();
      this.events.onLost();
      this.connectLater();
    });
  }

  private connectLater(): void {
    if (this.state === 'closed') return;
    this.failures += 1;
    this.cancel = this.deps.clock.after(reconnectDelayMs(this.failures, this.deps.random), () => {
      this.connect();
    });
  }

  private pingLater(redis: Redis): void {
    this.cancel = this.deps.clock.after(PING_EVERY_MS, () => {
      void this.ping(redis);
    });
  }

  private async ping(redis: Redis): Promise<void> {
    try {
      await withDeadline(redis.ping(), PONG_WITHIN_MS, 'PING of the subscriber');
    } catch (error) {
      // Either it has ended already, or it is silent and this ends it.
      if (redis === this.current && this.state === 'open') {
        this.events.onError(asError(error));
        this.drop(redis);
      }
      return;
    }
    if (redis !== this.current || this.state !== 'open') return;
    this.pingLater(redis);
    this.events.onAlive(redis);
  }
}
