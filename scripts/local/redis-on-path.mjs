// @ts-check
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, closeSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AOF_MANIFEST, DURABLE } from './redis-settings.mjs';
import { redisCommand } from './redis-wire.mjs';
import { waitFor } from './wait-for.mjs';

const LEAST_VERSION = 7;

/** @returns {string | undefined} the version of the redis-server on PATH, if it is new enough */
export function redisVersionOnPath() {
  const { stdout } = spawnSync('redis-server', ['--version'], { encoding: 'utf8' });
  const version = /v=(\d+)[\d.]*/.exec(stdout ?? '');
  return version && Number(version[1]) >= LEAST_VERSION ? version[0].slice(2) : undefined;
}

/** A redis-server of our own: killed and started again, it keeps its port and its data. */
export class RedisOnPath {
  /** @param {{ port: number, directory: string, detached?: boolean }} options */
  constructor({ port, directory, detached = false }) {
    this.port = port;
    this.url = `redis://127.0.0.1:${port}`;
    this.how = `redis-server ${redisVersionOnPath() ?? '?'} on port ${port}`;
    this.directory = directory;
    this.detached = detached;
    /** @type {import('node:child_process').ChildProcess | undefined} */
    this.child = undefined;
  }

  async start() {
    mkdirSync(this.directory, { recursive: true });
    this.#repair();
    const log = openSync(join(this.directory, 'redis.log'), 'a');
    const address = ['--port', String(this.port), '--bind', '127.0.0.1'];
    this.child = spawn('redis-server', [...address, '--dir', this.directory, ...DURABLE], {
      stdio: ['ignore', log, log],
      detached: this.detached,
    });
    closeSync(log);
    const { child } = this;
    await waitFor(
      `an answer from ${this.how}`,
      async () => {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`redis-server ended:\n${this.#lastLines()}`);
        return (await redisCommand(this.port, ['PING'], 500).catch(() => undefined)) === 'PONG';
      },
      { deadlineMs: 15_000, everyMs: 20 },
    );
    if (this.detached) child.unref();
  }

  /** @returns {import('./started.mjs').Started} */
  get started() {
    const pid = this.child?.pid;
    if (pid === undefined) throw new Error('redis-server was not started');
    return { kind: 'process', name: 'redis', pid, marker: 'redis-server' };
  }

  /** As a power cut would: no farewell. */
  async kill() {
    await this.#end('SIGKILL');
  }

  async stop() {
    await this.#end('SIGTERM');
  }

  /** For the last moment of our own process, when nothing can be waited for. */
  killNow() {
    this.child?.kill('SIGKILL');
  }

  /** Stops it and deletes its data. */
  async remove() {
    await this.#end('SIGKILL');
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** @param {NodeJS.Signals} signal */
  async #end(signal) {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  #repair() {
    const manifest = join(this.directory, AOF_MANIFEST);
    if (!existsSync(manifest)) return;
    const done = spawnSync('redis-check-aof', ['--fix', manifest], { input: 'y\n', encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`redis-check-aof could not repair ${manifest}:\n${done.stdout}`);
  }

  #lastLines() {
    return readFileSync(join(this.directory, 'redis.log'), 'utf8').split('\n').slice(-8).join('\n');
  }
}
