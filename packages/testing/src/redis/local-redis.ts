import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { serverArguments, type RedisOptions, type RedisServer } from './redis-server.js';
import { repairAppendOnlyFiles } from './repair-append-only-files.js';
import { LOOPBACK, ServerProcess } from './server-process.js';

/** A redis-server of this machine. */
export class LocalRedis implements RedisServer {
  readonly host = LOOPBACK;

  private constructor(
    readonly directory: string,
    private readonly server: ServerProcess,
    private readonly keepsData: boolean,
  ) {}

  static async start(options: RedisOptions = {}): Promise<LocalRedis> {
    const directory = options.keepData ?? (await mkdtemp(join(tmpdir(), 'onlyonce-redis-')));
    const port = await freePort();
    const place = ['--port', String(port), '--bind', LOOPBACK, '--dir', directory];
    const server = new ServerProcess(port, [...place, ...serverArguments(options)]);
    const redis = new LocalRedis(directory, server, options.keepData !== undefined);
    await redis.start();
    return redis;
  }

  get port(): number {
    return this.server.port;
  }

  get url(): string {
    return `redis://${this.host}:${this.port}`;
  }

  async start(): Promise<void> {
    await repairAppendOnlyFiles(this.directory);
    await this.server.start();
  }

  kill(): Promise<void> {
    return this.server.kill();
  }

  async pause(): Promise<void> {
    this.server.pause();
  }

  async resume(): Promise<void> {
    this.server.resume();
  }

  async stop(): Promise<void> {
    await this.server.kill();
    if (!this.keepsData) await rm(this.directory, { recursive: true, force: true });
  }
}
