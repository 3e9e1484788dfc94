// @ts-check
import { join } from 'node:path';
import { dockerAnswers, imageIsHere } from './docker.mjs';
import { freePort } from './free-port.mjs';
import { REDIS_IMAGE, RedisInDocker } from './redis-in-docker.mjs';
import { RedisOnPath, redisVersionOnPath } from './redis-on-path.mjs';
import { CLONE } from './state-directory.mjs';

/**
 * A Redis of our own: durable, on the loopback address, started.
 * @typedef {RedisInDocker | RedisOnPath} OwnRedis
 */

/**
 * Starts a Redis for a local run: in Docker if an engine answers and has the image or can get it, else the
 * redis-server on PATH. LOCAL_REDIS=docker or LOCAL_REDIS=server settles the choice.
 * @param {{
 *   name: string, directory: string, port?: number, keepData?: boolean, detached?: boolean,
 *   first?: 'docker' | 'server',
 * }} options name: of the container, beside that of this clone; directory: for the data of a redis-server;
 *   keepData: the data outlives a container; first: which is tried first, docker by default
 * @returns {Promise<OwnRedis>}
 * @throws Error that says what was tried
 */
export async function startRedis(options) {
  const forced = process.env['LOCAL_REDIS'];
  if (forced !== undefined && forced !== 'docker' && forced !== 'server') {
    throw new Error('LOCAL_REDIS must be docker or server');
  }
  const ways = options.first === 'server' ? [onPath, inDocker] : [inDocker, onPath];
  const tried = [];
  for (const way of forced === undefined ? ways : [forced === 'docker' ? inDocker : onPath]) {
    const attempt = await way(options);
    if (typeof attempt !== 'string') return attempt;
    tried.push(attempt);
  }
  throw new Error(`no Redis to be had: ${tried.join('; ')}. Or give the URL of one in REDIS_URL.`);
}

/**
 * @param {Parameters<typeof startRedis>[0]} options
 * @returns {Promise<RedisInDocker | string>} or why not
 */
async function inDocker({ name, port, keepData }) {
  if (!(await dockerAnswers())) return 'no Docker engine answers';
  if (!(await imageIsHere(REDIS_IMAGE))) return `Docker cannot get the image ${REDIS_IMAGE}`;
  const container = `onlyonce-${CLONE}-${name}`;
  const redis = new RedisInDocker({
    port: port ?? (await freePort()),
    name: container,
    ...(keepData ? { volume: container } : {}),
  });
  try {
    await redis.start();
    return redis;
  } catch (error) {
    if (!keepData) await redis.remove().catch(() => undefined);
    return `Docker could not run ${REDIS_IMAGE} (${error instanceof Error ? error.message : String(error)})`;
  }
}

/**
 * @param {Parameters<typeof startRedis>[0]} options
 * @returns {Promise<RedisOnPath | string>} or why not
 */
async function onPath({ directory, port, detached = false }) {
  if (redisVersionOnPath() === undefined) return 'no redis-server >= 7 on PATH';
  const redis = new RedisOnPath({
    port: port ?? (await freePort()),
    directory: join(directory, 'redis'),
    detached,
  });
  await redis.start();
  return redis;
}
