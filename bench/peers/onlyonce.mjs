// @ts-check
import {
  Consumer,
  consumerOptions,
  noCrashPoints,
  noTracer,
  Publisher,
  silentTelemetry,
  StoreUnavailableError,
  systemClock,
  systemRandom,
} from '@onlyonce/core';
import { openClient, redisBackend, redisConnection } from '@onlyonce/redis';
import { CHANNEL, GROUP, NAMESPACE } from '../messages.mjs';

/** @typedef {import('../messages.mjs').Message} Message */

const OTHERWISE = { ifMissing: 'UNKNOWN_ITEM', ifShort: 'OUT_OF_STOCK' };
const DRAIN_MS = 10_000;

/** The engine as a service uses it, with its own defaults; only logs and traces go nowhere. */
const deps = { clock: systemClock, random: systemRandom, tracer: noTracer };

/**
 * @param {string} url
 * @param {string} pod
 */
export function openBackend(url, pod) {
  const client = openClient(redisConnection({ url, pod }));
  client.on('error', (error) => process.stderr.write(`${pod}: ${error.message}\n`));
  const backend = redisBackend({ client, namespace: NAMESPACE });
  const close = async () => {
    await backend.close();
    client.disconnect();
  };
  return { client, store: backend.store, feed: backend.feed, close };
}

/**
 * @param {'race' | 'pull'} strategy
 * @returns {import('./peer.mjs').Peer}
 */
export const onlyoncePeer = (strategy) => ({
  startPod: async ({ url, pod, applied }) => {
    const { store, feed, close } = openBackend(url, pod);
    /** @type {import('@onlyonce/core').Telemetry} */
    const telemetry = {
      ...silentTelemetry,
      message: ({ event, messageId }) => {
        if (event === 'message.processed') applied(messageId);
      },
    };
    const consumer = new Consumer(
      { ...deps, telemetry, store, feed, crashPoints: noCrashPoints },
      consumerOptions({ channel: CHANNEL, group: GROUP, pod, strategy }),
      { handle: takeStock, log: () => console },
    );
    await consumer.start();
    return {
      stop: async () => {
        await consumer.drain(DRAIN_MS);
        await close();
      },
    };
  },
  openPublisher: async (url) => {
    const { store, close } = openBackend(url, 'publisher');
    const publisher = new Publisher({ ...deps, telemetry: silentTelemetry, store });
    return {
      publish: (messages) => Promise.all(messages.map((message) => accepted(publisher, message))),
      close,
    };
  },
});

/** @type {import('@onlyonce/core').MessageHandler<unknown>} */
function takeStock(body, { messageId, tx }) {
  const { items } = /** @type {Message} */ (body);
  const stock = tx.hash('stock');
  for (const { id, quantity } of items) stock.take(id, quantity, OTHERWISE);
  tx.hash('applied').add(messageId, 1);
}

/**
 * As a caller should: no answer means the same id again.
 * @param {Publisher} publisher
 * @param {Message} message
 */
async function accepted(publisher, message) {
  for (;;) {
    try {
      const result = await publisher.publish(CHANNEL, { id: message.id, body: message });
      if (result.kind === 'accepted' || result.kind === 'duplicate') return;
      throw new Error(`message ${message.id} was not accepted: ${JSON.stringify(result)}`);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
    }
  }
}
