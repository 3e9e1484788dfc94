// @ts-check
import { CHANNEL } from '../messages.mjs';
import { RecipeConsumer, RecipePublisher } from '../usual-recipe/index.mjs';
import { addEffect, executed } from './connection.mjs';

const CHANNEL_KEY = `{bench}:${CHANNEL}`;
/** The engine's default. */
const LOCK_TTL_MS = 5_000;

/** @type {import('./peer.mjs').Peer} */
export const peer = {
  startPod: async ({ url, pod, applied }) => {
    const consumer = new RecipeConsumer({
      url,
      pod,
      lockTtlMs: LOCK_TTL_MS,
      onMessage: async (message, { redis }) => {
        const pipeline = redis.pipeline();
        addEffect(
          pipeline,
          /** @type {import('../messages.mjs').Message} */ (/** @type {unknown} */ (message)),
        );
        await executed(pipeline);
        applied(message.id);
      },
    });
    await consumer.subscribe(CHANNEL_KEY);
    return { stop: () => consumer.stop() };
  },
  openPublisher: async (url) => {
    const publisher = new RecipePublisher({ url });
    await publisher.connect();
    return {
      publish: (messages) =>
        Promise.all(messages.map((message) => publisher.publish(CHANNEL_KEY, { ...message }))),
      close: async () => publisher.stop(),
    };
  },
};
