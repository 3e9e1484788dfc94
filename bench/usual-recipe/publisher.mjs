// @ts-check
// NOT exactly-once: see consumer.mjs.
import { Redis } from 'ioredis';

/** The other end of the usual recipe: PUBLISH, and hope that somebody listens. */
export class RecipePublisher {
  #redis;

  /**
   * @param {{
   *   url: string, onConnectionError?: (error: Error) => void,
   *   options?: import('./consumer.mjs').RecipeConnectionOptions,
   * }} settings
   */
  constructor({ url, onConnectionError = () => undefined, options }) {
    this.#redis = new Redis(url, {
      connectionName: 'usual-recipe:publisher',
      ...options,
      lazyConnect: true,
      replyMapping: 'legacy',
    });
    this.#redis.on('error', onConnectionError);
  }

  async connect() {
    await this.#redis.connect();
  }

  /**
   * @param {string} channel
   * @param {import('./consumer.mjs').RecipeMessage} message
   * @returns {Promise<number>} how many subscribers it was handed to; 0 means that it is gone
   */
  publish(channel, message) {
    return this.#redis.publish(channel, JSON.stringify(message));
  }

  stop() {
    this.#redis.disconnect();
  }
}
