import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answers } from './answers.js';
import { freePort } from './free-port.js';
import { serverArguments, type RedisOptions, type RedisServer } from './redis-server.js';

const HOST = '127.0.0.1';

/** A redis-server of this machine as a child process: ready in some 50 ms. */
export class LocalRedis implements RedisServer {
  readonly host = HOST;
  private child: ChildProcess | undefined;
  private output = '';
  /** A test run that is cut short takes its servers along. */
  private readonly onExit = (): void => {
    this.child?.kill('SIGKILL');
  };

  private constructor(
    readonly port: number,
    readonly directory: string,
    private readonly args: readonly string[],
    private readonly keepsData: boolean,
  ) {}

  static async start(options: RedisOptions = {}): Promise<LocalRedis> {
    const directory = options.keepData ?? (await mkdtemp(join(tmpdir(), 'onlyonce-redis-')));
    const port = await freePort();
    const server = new LocalRedis(port, directory, serverArguments(options), options.keepData !== undefined);
    process.on('exit', server.onExit);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://${this.host}:${this.port}`;
  }

  async start(): Promise<void> {
    if (this.child) throw new Error('this server is running');
    await repairAppendOnlyFiles(this.directory);
    const child = spawn(
      'redis-server',
      ['--port', String(this.port), '--bind', HOST, '--dir', this.directory, ...this.args],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.child = child;
    this.output = '';
    const keep = (chunk: Buffer): void => {
      this.output = (this.output + chunk.toString()).slice(-4_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const failed = new Promise<never>((_, reject) => {
      child.once('error', (error) => {
        reject(missingServer(error));
      });
      child.once('exit', (code) => {
        if (this.child === child) this.child = undefined;
        reject(new Error(`redis-server ended with ${code ?? 'a signal'}: ${this.output}`));
      });
    });
    // It ends some day, long after anybody waits for it to start.
    failed.catch(() => undefined);
    await Promise.race([answers(HOST, this.port), failed]);
  }

  async kill(): Promise<void> {
    const child = this.child;
    if (!child) return;
    this.child = undefined;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  pause(): Promise<void> {
    this.child?.kill('SIGSTOP');
    return Promise.resolve();
  }

  resume(): Promise<void> {
    this.child?.kill('SIGCONT');
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    await this.kill();
    process.removeListener('exit', this.onExit);
    if (!this.keepsData) await rm(this.directory, { recursive: true, force: true });
  }
}

/** Rule F1: cut a torn tail off before the server sees it, at the transaction's start and not inside it. */
async function repairAppendOnlyFiles(directory: string): Promise<void> {
  const appendOnlyDirectory = join(directory, 'appendonlydir');
  const files = await readdir(appendOnlyDirectory).catch(() => []);
  const manifest = files.find((name) => name.endsWith('.manifest'));
  if (manifest) await repair(join(appendOnlyDirectory, manifest));
}

function repair(manifest: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const check = execFile('redis-check-aof', ['--fix', manifest], (error, stdout) => {
      if (error) reject(new Error(`redis-check-aof could not repair: ${stdout}`, { cause: error }));
      else resolve();
    });
    check.stdin?.end('y\n');
  });
}

function missingServer(error: Error): Error {
  const hint = 'redis-server must be on PATH (7.0 or newer), or a Docker engine must answer';
  return new Error(`cannot start redis-server: ${hint}`, { cause: error });
}
