import {
  checkedName,
  ShuttingDownError,
  StoreRefusedError,
  systemClock,
  systemRandom,
  type Clock,
  type Feed,
  type FeedDetail,
  type FeedListener,
  type Random,
  type Subscription,
} from '@onlyonce/core';
import type { Redis } from 'ioredis';
import { withDeadline } from '../call-deadline.js';
import type { RedisClient } from '../connection/redis-client.js';
import { translateConnectionError, translateError } from '../errors/translate-error.js';
import { FeedChannel } from './feed-channel.js';
import { FeedConnection } from './feed-connection.js';
import { openSubscriber } from './open-subscriber.js';

/** Connecting and confirming; a caller that still wants it asks again. */
const SUBSCRIBED_WITHIN_MS = 4_000;

export interface RedisFeedOptions {
  readonly namespace: string;
  readonly clock?: Clock;
  readonly random?: Random;
  /** What goes wrong with the connection; it is mended without help. */
  readonly onError?: (error: Error) => void;
}

/**
 * Redis Pub/Sub as the fast path: one connection of its own, made like the lent client, for all channels. After every
 * gap each listener gets a doorbell, once the server has confirmed the subscription again.
 */
export class RedisFeed implements Feed {
  private readonly channels = new Map<string, FeedChannel>();
  private readonly connection: FeedConnection;
  private readonly onError: (error: Error) => void;
  private closed = false;

  constructor(
    client: RedisClient,
    private readonly options: RedisFeedOptions,
  ) {
    checkedName('namespace', options.namespace);
    this.onError = options.onError ?? ((): void => undefined);
    this.connection = new FeedConnection(
      () => openSubscriber(client, options.namespace),
      {
        onReady: (redis) => {
          this.subscribeAll(redis);
        },
        // What was refused, by a rights table just being changed say, is tried again.
        onAlive: (redis) => {
          this.subscribeAll(redis);
        },
        onLost: () => {
          for (const channel of this.channels.values()) channel.lost();
        },
        onMessage: (name, text) => {
          this.channels.get(name)?.hear(text);
        },
        onError: this.onError,
      },
      { clock: options.clock ?? systemClock, random: options.random ?? systemRandom },
    );
  }

  /**
   * Resolves when the server has confirmed. Any number of listeners share a channel.
   * @throws StoreUnavailableError when it could not be confirmed in time; nothing is left subscribed
   * @throws StoreRefusedError when the user may not subscribe, or may not log in
   */
  async subscribe(
    channel: string,
    listener: FeedListener,
    detail: FeedDetail = 'envelopes',
  ): Promise<Subscription> {
    if (this.closed) throw new ShuttingDownError('the feed is closed');
    const whole = `{${this.options.namespace}}:${checkedName('channel', channel)}`;
    const name = detail === 'bells' ? `${whole}:bell` : whole;
    const joined = this.channels.get(name) ?? new FeedChannel(name, detail);
    this.channels.set(name, joined);
    joined.add(listener);
    this.connection.open();
    const { ready } = this.connection;
    if (ready) void this.subscribeTo(joined, ready);
    try {
      await withDeadline(joined.whenConfirmed(), SUBSCRIBED_WITHIN_MS, `subscribe to ${channel}`);
    } catch (error) {
      await this.leave(joined, listener);
      throw this.explained(error, channel);
    }
    return {
      close: () => this.leave(joined, listener),
    };
  }

  /** Closes the feed's own connection. The lent client is not touched. */
  async close(): Promise<void> {
    this.closed = true;
    this.channels.clear();
    await this.connection.close();
  }

  private subscribeAll(redis: Redis): void {
    for (const channel of this.channels.values()) void this.subscribeTo(channel, redis);
  }

  private async subscribeTo(channel: FeedChannel, redis: Redis): Promise<void> {
    try {
      await channel.subscribeOn(redis);
    } catch (error) {
      const translated = translateError(error, `subscribe to ${channel.name}`);
      this.onError(translated);
      if (translated instanceof StoreRefusedError) channel.refuse(translated);
      // Not refused and not confirmed: a connection of which nothing is known any more.
      else this.connection.drop(redis);
    }
  }

  private async leave(channel: FeedChannel, listener: FeedListener): Promise<void> {
    channel.remove(listener);
    if (!channel.empty || this.channels.get(channel.name) !== channel) return;
    this.channels.delete(channel.name);
    const { ready } = this.connection;
    if (!ready) return;
    // Nobody listens any more, so a failure here costs nothing but messages that are dropped.
    await withDeadline(
      ready.unsubscribe(channel.name),
      SUBSCRIBED_WITHIN_MS,
      `UNSUBSCRIBE ${channel.name}`,
    ).catch(this.onError);
  }

  /** Says why there is no connection, where the deadline alone would say only that there is none. */
  private explained(error: unknown, channel: string): Error {
    const { lastError } = this.connection;
    if (lastError && !this.connection.ready)
      return translateConnectionError(lastError, `subscribe to ${channel}`);
    return translateError(error, `subscribe to ${channel}`);
  }
}
