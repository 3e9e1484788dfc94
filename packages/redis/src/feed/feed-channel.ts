import type { FeedDetail, FeedListener } from '@onlyonce/core';
import type { Redis } from 'ioredis';
import { withDeadline } from '../call-deadline.js';
import { parseBells } from './bell-format.js';
import { DOORBELL, parseEnvelopes } from './envelope-format.js';

const CONFIRMED_WITHIN_MS = 2_000;

interface Waiter {
  resolve(): void;
  reject(error: Error): void;
}

/** One channel of a feed: who listens, and whether the server has confirmed the subscription. */
export class FeedChannel {
  private readonly listeners = new Set<FeedListener>();
  private readonly waiting = new Set<Waiter>();
  private askedOn: Redis | undefined;
  private confirmed = false;
  private confirmedBefore = false;

  /**
   * @param name as the server knows it
   * @param detail what is said on it
   */
  constructor(
    readonly name: string,
    private readonly detail: FeedDetail,
  ) {}

  get empty(): boolean {
    return this.listeners.size === 0;
  }

  add(listener: FeedListener): void {
    this.listeners.add(listener);
  }

  remove(listener: FeedListener): void {
    this.listeners.delete(listener);
  }

  /** Resolves when the server has confirmed the subscription; rejects when it refuses. */
  async whenConfirmed(): Promise<void> {
    if (this.confirmed) return;
    await new Promise<void>((resolve, reject) => {
      this.waiting.add({ resolve, reject });
    });
  }

  /**
   * Subscribes on this connection, unless that is under way or done, and after a gap rings for all listeners: only
   * now is nothing missed any more, so only a scan from here on covers the gap.
   * @throws what the driver threw
   */
  async subscribeOn(redis: Redis): Promise<void> {
    if (this.askedOn === redis) return;
    this.askedOn = redis;
    try {
      await withDeadline(redis.subscribe(this.name), CONFIRMED_WITHIN_MS, `SUBSCRIBE ${this.name}`);
    } catch (error) {
      if (this.askedOn === redis) this.lost();
      throw error;
    }
    if (this.askedOn !== redis) return;
    this.confirmed = true;
    for (const waiter of this.waiting) waiter.resolve();
    this.waiting.clear();
    if (this.confirmedBefore) for (const listener of this.listeners) listener.onDoorbell('resubscribed');
    this.confirmedBefore = true;
  }

  /** The server said no: whoever waits is told. */
  refuse(error: Error): void {
    for (const waiter of this.waiting) waiter.reject(error);
    this.waiting.clear();
  }

  lost(): void {
    this.askedOn = undefined;
    this.confirmed = false;
  }

  hear(text: string): void {
    if (text === DOORBELL) {
      for (const listener of this.listeners) listener.onDoorbell('rung');
      return;
    }
    if (this.detail === 'bells') {
      const { bells, garbage } = parseBells(text);
      for (const listener of this.listeners) {
        if (bells.length > 0) listener.onBells(bells);
        for (const line of garbage) listener.onGarbage(line);
      }
      return;
    }
    const { envelopes, garbage } = parseEnvelopes(text);
    for (const listener of this.listeners) {
      if (envelopes.length > 0) listener.onEnvelopes(envelopes);
      for (const line of garbage) listener.onGarbage(line);
    }
  }
}
