// @ts-check
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../local/free-port.mjs';
import { AOF_MANIFEST, DURABLE } from '../../local/redis-settings.mjs';
import { redisCommand } from '../../local/redis-wire.mjs';
import { waitFor } from '../../local/wait-for.mjs';

const START_MS = 60_000;

/** A redis-server of the campaign: keeps its port and data over a crash, and is repaired before each start (F1). */
export class RedisNode {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;

  /**
   * @param {{ port: number, directory: string, args?: readonly string[], env?: Record<string, string>,
   *   bind?: readonly string[], onStart?: (node: RedisNode) => void }} options
   *   args: win over the durable settings
   */
  constructor({ port, directory, args = [], env = {}, bind = ['127.0.0.1'], onStart = () => undefined }) {
    this.port = port;
    this.directory = directory;
    this.args = args;
    this.env = env;
    this.bind = bind;
    this.onStart = onStart;
  }

  /** @param {Omit<ConstructorParameters<typeof RedisNode>[0], 'port'>} options */
  static async create(options) {
    return new RedisNode({ ...options, port: await freePort() });
  }

  get url() {
    return `redis://127.0.0.1:${this.port}`;
  }

  get running() {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get pid() {
    return this.#child?.pid;
  }

  async start() {
    await this.launch();
    await this.answers();
  }

  /** Starts it, repaired, and does not wait until it answers. */
  async launch() {
    mkdirSync(this.directory, { recursive: true });
    this.repair();
    const log = openSync(join(this.directory, 'redis.log'), 'a');
    const place = ['--port', String(this.port), '--bind', ...this.bind, '--dir', this.directory];
    const usual = [...DURABLE, '--enable-debug-command', 'local', '--repl-diskless-sync-delay', '0'];
    this.#child = spawn('redis-server', [...place, '--protected-mode', 'no', ...usual, ...this.args], {
      stdio: ['ignore', log, log],
      env: { ...process.env, ...this.env },
    });
    closeSync(log);
    this.onStart(this);
  }

  async answers(deadlineMs = START_MS) {
    const child = this.#child;
    await waitFor(
      `an answer from redis-server on port ${this.port}`,
      async () => {
        if (child === undefined || child.exitCode !== null || child.signalCode !== null)
          throw new Error(`redis-server ended:\n${this.lastLines()}`);
        return (await redisCommand(this.port, ['PING'], 500).catch(() => undefined)) === 'PONG';
      },
      { deadlineMs, everyMs: 20 },
    );
  }

  /** @param {...(string | number)} command */
  ask(...command) {
    return redisCommand(this.port, command, 10_000);
  }

  /** @param {NodeJS.Signals} [signal] SIGKILL: as a crash, no farewell */
  async kill(signal = 'SIGKILL') {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill(signal);
    await ended;
  }

  /** @param {NodeJS.Signals} signal */
  signal(signal) {
    this.#child?.kill(signal);
  }

  killNow() {
    this.#child?.kill('SIGKILL');
  }

  /** @returns {Promise<{ code: number | null, signal: string | null }>} when it has ended by itself */
  async ended() {
    const child = this.#child;
    if (child === undefined) throw new Error('it does not run');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return { code: child.exitCode, signal: child.signalCode };
  }

  repair() {
    const manifest = join(this.directory, AOF_MANIFEST);
    if (!existsSync(manifest)) return;
    const done = spawnSync('redis-check-aof', ['--fix', manifest], { input: 'y\n', encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`redis-check-aof could not repair ${manifest}:\n${done.stdout}`);
  }

  lastLines(count = 8) {
    const log = join(this.directory, 'redis.log');
    return existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n').slice(-count).join('\n') : '';
  }
}
