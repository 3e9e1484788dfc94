// @ts-check
import { CHANNEL, GROUP } from '../messages.mjs';
import { addEffect, connected, executed } from './connection.mjs';

const STREAM = `{bench}:${CHANNEL}`;
const BATCH = 128;
const BLOCK_MS = 200;

/**
 * A consumer group of Redis Streams and nothing on top: reads up to 128, sends their effects and the acknowledgement in
 * one pipeline. Nothing tells whether a message was worked on before, effects and XACK are not one step, and what a dead
 * consumer held is left lying. This is the work that cannot be left out, so the practical limit.
 * @type {import('./peer.mjs').Peer}
 */
export const peer = {
  startPod: async ({ url, pod, applied }) => {
    const redis = await connected(url, pod);
    await redis.xgroup('CREATE', STREAM, GROUP, '0', 'MKSTREAM').catch((/** @type {Error} */ error) => {
      if (!error.message.startsWith('BUSYGROUP')) throw error;
    });
    let stopping = false;
    const loop = async () => {
      while (!stopping) {
        const reply = await redis.xreadgroup(
          'GROUP',
          GROUP,
          pod,
          'COUNT',
          BATCH,
          'BLOCK',
          BLOCK_MS,
          'STREAMS',
          STREAM,
          '>',
        );
        const entries = /** @type {[string, [string, string[]][]][] | null} */ (reply)?.[0]?.[1] ?? [];
        if (entries.length > 0) await work(entries);
      }
    };
    const work = async (/** @type {[string, string[]][]} */ entries) => {
      const pipeline = redis.pipeline();
      const ids = [];
      for (const [, fields] of entries) {
        const message = /** @type {import('../messages.mjs').Message} */ (JSON.parse(fields[1] ?? ''));
        ids.push(message.id);
        addEffect(pipeline, message);
      }
      pipeline.xack(STREAM, GROUP, ...entries.map(([entry]) => entry));
      await executed(pipeline);
      for (const id of ids) applied(id);
    };
    const ended = loop();
    return {
      stop: async () => {
        stopping = true;
        await ended;
        redis.disconnect();
      },
    };
  },
  openPublisher: async (url) => {
    const redis = await connected(url, 'publisher');
    return {
      publish: async (messages) => {
        const pipeline = redis.pipeline();
        for (const message of messages) pipeline.xadd(STREAM, '*', 'b', JSON.stringify(message));
        await executed(pipeline);
      },
      close: async () => redis.disconnect(),
    };
  },
};
