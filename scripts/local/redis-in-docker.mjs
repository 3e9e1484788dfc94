// @ts-check
import { spawn } from 'node:child_process';
import { docker, removeContainer } from './docker.mjs';
import { AOF_MANIFEST, DURABLE } from './redis-settings.mjs';
import { redisCommand } from './redis-wire.mjs';
import { waitFor } from './wait-for.mjs';

export const REDIS_IMAGE = 'redis:8';

/** Repairs the append-only file, then hands over to the image's own start, which drops root. */
const REPAIR_AND_START = `
  if [ -f /data/${AOF_MANIFEST} ]; then yes | redis-check-aof --fix /data/${AOF_MANIFEST} || exit 1; fi
  exec docker-entrypoint.sh redis-server "$@"`;

/** A Redis in a container of our own: killed and started again, it keeps its port and its data. */
export class RedisInDocker {
  /** @param {{ port: number, name: string, volume?: string }} options volume: a named one outlives the container */
  constructor({ port, name, volume }) {
    this.port = port;
    this.url = `redis://127.0.0.1:${port}`;
    this.how = `${REDIS_IMAGE} in Docker on port ${port}`;
    this.name = name;
    this.volume = volume;
    this.made = false;
  }

  async start() {
    if (this.made) {
      await docker(['start', this.name]);
    } else {
      await removeContainer(this.name, 0);
      const volume = this.volume === undefined ? [] : ['--volume', `${this.volume}:/data`];
      const address = ['--publish', `127.0.0.1:${this.port}:6379`];
      const container = ['run', '--detach', '--name', this.name, '--entrypoint', 'sh', ...address, ...volume];
      this.made = true;
      await docker([...container, REDIS_IMAGE, '-c', REPAIR_AND_START, 'redis', ...DURABLE]);
    }
    try {
      const ask = async () =>
        (await redisCommand(this.port, ['PING'], 500).catch(() => undefined)) === 'PONG';
      await waitFor(`an answer from ${this.how}`, ask, { deadlineMs: 15_000 });
    } catch (error) {
      const log = await docker(['logs', '--tail', '8', this.name]).catch(() => '');
      throw new Error(`${this.how} did not get ready; its log:\n${log}`, { cause: error });
    }
  }

  /** @returns {import('./started.mjs').Started} */
  get started() {
    return { kind: 'container', name: 'redis', container: this.name };
  }

  /** As a power cut would: no farewell. */
  async kill() {
    await docker(['kill', this.name]);
  }

  async stop() {
    await docker(['stop', '--time', '5', this.name]);
  }

  /** For the last moment of our own process: Docker goes on with it by itself. */
  killNow() {
    if (this.made) spawn('docker', ['kill', this.name], { stdio: 'ignore', detached: true }).unref();
  }

  /** Stops it and deletes its data. */
  async remove() {
    await removeContainer(this.name, 0);
    if (this.volume !== undefined) await docker(['volume', 'rm', '--force', this.volume]);
  }
}
