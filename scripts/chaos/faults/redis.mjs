// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '../../local/wait-for.mjs';
import { badData } from './bad-data.mjs';

/** @typedef {import('./pods.mjs').Scene} Scene */
/** @typedef {import('./pods.mjs').Injection} Injection */

const KILOBYTE = 1_024;
const FLOOD_PART = 'x'.repeat(256 * KILOBYTE);
const MOST_FLOOD_PARTS = 200;
const SMALL_BUFFER = `pubsub ${1_024 * KILOBYTE} ${512 * KILOBYTE} 1`;
const USUAL_BUFFER = `pubsub ${32 * 1_024 * KILOBYTE} ${8 * 1_024 * KILOBYTE} 60`;

/** @type {Record<string, (scene: Scene, injection: Injection) => Promise<void>>} */
export const REDIS_FAULTS = {
  'Redis SIGKILL': (scene, { row, params }) =>
    scene.withRedis((redis) =>
      scene.faults.during({ row, kind: 'Redis SIGKILL' }, async () => {
        await redis.kill();
        await sleep(params['downMs']);
        await redis.start();
      }),
    ),
  'DEBUG SLEEP': (scene, { row, params }) =>
    scene.withRedis((redis) =>
      scene.faults.during({ row, kind: 'DEBUG SLEEP', target: `${params['seconds']} s` }, async () => {
        await redis.ask('DEBUG', 'SLEEP', params['seconds']);
      }),
    ),
  'CLIENT PAUSE': (scene, { row, params }) =>
    scene.withRedis((redis) =>
      scene.faults.during(
        { row, kind: `CLIENT PAUSE ${params['what']}`, target: `${params['ms']} ms` },
        async () => {
          await redis.ask('CLIENT', 'PAUSE', params['ms'], params['what']);
          await sleep(params['ms']);
        },
      ),
    ),
  'CLIENT KILL': (scene, { row, params }) =>
    scene.withRedis((redis) =>
      scene.faults.during({ row, kind: `CLIENT KILL ${params['type']}` }, async () => {
        // Right after a restart nobody may have come back yet.
        const kill = async () => Number(await redis.ask('CLIENT', 'KILL', 'TYPE', params['type'])) > 0;
        await waitFor('a connection to be killed', kill, { deadlineMs: 20_000 });
      }),
    ),
  'SCRIPT FLUSH': (scene, { row }) =>
    scene.withRedis((redis) =>
      scene.faults.during({ row, kind: 'SCRIPT FLUSH' }, async () => {
        await redis.ask('SCRIPT', 'FLUSH');
      }),
    ),
  'memory full': (scene, { row, params }) =>
    scene.withRedis((redis) =>
      scene.faults.during({ row, kind: 'memory full' }, async () => {
        await redis.ask('CONFIG', 'SET', 'maxmemory', 1_024 * KILOBYTE);
        await sleep(params['forMs']);
        await redis.ask('CONFIG', 'SET', 'maxmemory', 0);
      }),
    ),
  'slow subscriber': (scene, { row, pod, params }) =>
    scene.withRedis((redis) =>
      scene.withPod(pod, (victim) =>
        scene.faults.during({ row, kind: 'slow subscriber', target: victim.name }, async () => {
          const name = new RegExp(`name=[\\w-]+:${victim.name}(:feed)? `);
          const listens = async () => name.test(String(await redis.ask('CLIENT', 'LIST', 'TYPE', 'pubsub')));
          await waitFor(`a subscription of ${victim.name}`, listens, { deadlineMs: 60_000 });
          await redis.ask('CONFIG', 'SET', 'client-output-buffer-limit', SMALL_BUFFER);
          victim.signal('SIGSTOP');
          let parts = 0;
          while ((await listens()) && parts < MOST_FLOOD_PARTS) {
            for (const channel of scene.feedChannels) await redis.ask('PUBLISH', channel, FLOOD_PART);
            parts += 1;
          }
          if (parts >= MOST_FLOOD_PARTS) scene.blame('a subscriber that reads nothing was not cut off');
          await sleep(params['forMs']);
          victim.signal('SIGCONT');
          await redis.ask('CONFIG', 'SET', 'client-output-buffer-limit', USUAL_BUFFER);
        }),
      ),
    ),
  'bad data': (scene, { row, params }) =>
    scene.withRedis((redis) =>
      scene.faults.during({ row, kind: 'bad data', quiet: params['nth'] > 0 }, () =>
        badData(scene, redis, params['nth']),
      ),
    ),
};

/**
 * @param {import('../redis/redis-node.mjs').RedisNode} redis
 * @param {string} section
 * @param {string} field
 */
export async function infoField(redis, section, field) {
  const text = String(await redis.ask('INFO', section));
  return text
    .split('\n')
    .find((line) => line.startsWith(`${field}:`))
    ?.slice(field.length + 1)
    .trim();
}

/**
 * @param {import('../redis/redis-node.mjs').RedisNode} redis
 * @param {string} section
 * @param {string} field
 * @param {string} value
 */
export function untilInfo(redis, section, field, value, deadlineMs = 30_000) {
  const ask = async () => (await infoField(redis, section, field).catch(() => undefined)) === value;
  return waitFor(`${field}:${value} on port ${redis.port}`, ask, { deadlineMs, everyMs: 20 });
}
