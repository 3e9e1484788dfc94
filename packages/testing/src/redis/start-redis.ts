import { DockerRedis } from './docker-redis.js';
import { LocalRedis } from './local-redis.js';
import type { RedisOptions, RedisServer } from './redis-server.js';

/**
 * Starts a Redis for one test file: in a container where a Docker engine answers and has the image, else a
 * redis-server of this machine. ONLYONCE_TEST_REDIS=local or =docker decides instead.
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const wish = process.env['ONLYONCE_TEST_REDIS'];
  if (wish === 'local' || options.keepData !== undefined) return LocalRedis.start(options);
  const inDocker = await DockerRedis.startIfPossible(options);
  if (inDocker) return inDocker;
  if (wish === 'docker')
    throw new Error('ONLYONCE_TEST_REDIS=docker, but no Docker engine with redis:8 answers');
  return LocalRedis.start(options);
}
