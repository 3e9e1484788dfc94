// @ts-check
import { Queue, Worker } from 'bullmq';
import { CHANNEL } from '../messages.mjs';
import { addEffect, connected, executed } from './connection.mjs';

const PREFIX = '{bench}:bull';

/** @param {string} url */
const connectionTo = (url) => ({
  host: '127.0.0.1',
  port: Number(new URL(url).port),
  maxRetriesPerRequest: null,
});

/**
 * BullMQ as its documentation advises for speed: addBulk, jobs removed when done, several at once. The concurrency is
 * BULLMQ_CONCURRENCY; docs/performance.md has the runs in which it was chosen.
 * @type {import('./peer.mjs').Peer}
 */
export const peer = {
  startPod: async ({ url, pod, applied, options }) => {
    const redis = await connected(url, `${pod}-effects`);
    const worker = new Worker(
      CHANNEL,
      async (job) => {
        const pipeline = redis.pipeline();
        addEffect(pipeline, job.data);
        await executed(pipeline);
        applied(job.data.id);
      },
      { connection: connectionTo(url), prefix: PREFIX, concurrency: options['bullmqConcurrency'] ?? 64 },
    );
    worker.on('error', (error) => process.stderr.write(`${pod}: ${error.message}\n`));
    await worker.waitUntilReady();
    return {
      stop: async () => {
        await worker.close();
        redis.disconnect();
      },
    };
  },
  openPublisher: async (url) => {
    const queue = new Queue(CHANNEL, {
      connection: connectionTo(url),
      prefix: PREFIX,
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    });
    await queue.waitUntilReady();
    return {
      publish: (messages) => queue.addBulk(messages.map((message) => ({ name: 'order', data: message }))),
      close: () => queue.close(),
    };
  },
};
