// @ts-check
// NOT exactly-once. Kept as the thing to measure against: the recipe that the field usually reaches for.
import { Redis } from 'ioredis';

/**
 * What happened to one message at this consumer: `received` (Pub/Sub delivered it), `won` or `lost` (the lock),
 * `applied` (the effect ran and the lock was deleted), `failed` (the effect or a command threw), `garbled` (not a
 * message; `id` is then empty).
 * @typedef {{ event: 'received' | 'won' | 'lost' | 'applied' | 'failed' | 'garbled', id: string, error?: unknown }} RecipeEvent
 */

/** @typedef {{ id: string, [field: string]: unknown }} RecipeMessage */

/** @typedef {Omit<import('ioredis').RedisOptions, 'replyMapping'>} RecipeConnectionOptions */

/**
 * Does the work. Runs while the lock is held, unless the lock has run out.
 * @callback OnMessage
 * @param {RecipeMessage} message
 * @param {{ redis: Redis, channel: string, pod: string }} context redis: the connection for commands
 * @returns {unknown | Promise<unknown>}
 */

/**
 * @typedef {{
 *   url: string, pod: string, lockTtlMs: number, onMessage: OnMessage, onEvent?: (event: RecipeEvent) => void,
 *   onConnectionError?: (error: Error) => void, options?: RecipeConnectionOptions,
 * }} RecipeConsumerOptions url: redis://host:port; pod: written into the lock; onMessage: the effect; options: passed
 *   on to both connections
 */

/**
 * One replica of the usual recipe: hear the message by Pub/Sub, SET lock NX PX, work, DEL lock. What it does not do is
 * the point: it remembers no ids, so a replica that hears a message after the winner deleted its lock works again; it
 * checks no token, so a replica whose lock ran out works beside its successor and deletes the successor's lock; and
 * what no replica hears, or what is held by one that dies, is gone.
 */
export class RecipeConsumer {
  #options;
  #subscriber;
  #redis;
  /** @type {Set<Promise<void>>} */
  #working = new Set();

  /** @param {RecipeConsumerOptions} options */
  constructor(options) {
    this.#options = options;
    const connection = () =>
      new Redis(options.url, {
        connectionName: `usual-recipe:${options.pod}`,
        ...options.options,
        lazyConnect: true,
        replyMapping: 'legacy',
      });
    this.#subscriber = connection();
    this.#redis = connection();
    const onError = options.onConnectionError ?? (() => undefined);
    for (const client of [this.#subscriber, this.#redis]) client.on('error', onError);
    this.#subscriber.on('message', (channel, text) => this.#hear(channel, text));
  }

  /** Messages of which the work has begun and not ended. */
  get working() {
    return this.#working.size;
  }

  /**
   * Resolves when Redis has confirmed the subscription; what is published before is not heard.
   * @param {string} channel
   */
  async subscribe(channel) {
    await Promise.all([this.#redis.connect(), this.#subscriber.connect()]);
    await this.#subscriber.subscribe(channel);
  }

  /** Hears nothing more, lets the work under way end, and closes both connections. */
  async stop() {
    this.#subscriber.disconnect();
    await Promise.all(this.#working);
    this.#redis.disconnect();
  }

  /**
   * @param {string} channel
   * @param {string} text
   */
  #hear(channel, text) {
    const message = parsed(text);
    if (message === undefined) return this.#tell({ event: 'garbled', id: '' });
    this.#tell({ event: 'received', id: message.id });
    const work = this.#race(channel, message)
      .catch((/** @type {unknown} */ error) => this.#tell({ event: 'failed', id: message.id, error }))
      .finally(() => this.#working.delete(work));
    this.#working.add(work);
  }

  /**
   * @param {string} channel
   * @param {RecipeMessage} message
   */
  async #race(channel, message) {
    const { pod, lockTtlMs, onMessage } = this.#options;
    const lock = lockKey(message.id);
    const won = await this.#redis.set(lock, pod, 'PX', lockTtlMs, 'NX');
    if (won === null) return this.#tell({ event: 'lost', id: message.id });
    this.#tell({ event: 'won', id: message.id });
    try {
      await onMessage(message, { redis: this.#redis, channel, pod });
    } finally {
      await this.#redis.del(lock);
    }
    this.#tell({ event: 'applied', id: message.id });
  }

  /** @param {RecipeEvent} event */
  #tell(event) {
    this.#options.onEvent?.(event);
  }
}

/** @param {string} id */
export const lockKey = (id) => `lock:${id}`;

/**
 * @param {string} text
 * @returns {RecipeMessage | undefined}
 */
function parsed(text) {
  try {
    const message = JSON.parse(text);
    return typeof message?.id === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}
