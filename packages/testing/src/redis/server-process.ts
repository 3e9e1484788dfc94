import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { answers } from './answers.js';

export const LOOPBACK = '127.0.0.1';

/** One redis-server (or Sentinel) of this machine as a child process: ready in some 50 ms. */
export class ServerProcess {
  private child: ChildProcess | undefined;
  private output = '';
  /** A test run that is cut short takes its servers along. */
  private readonly onExit = (): void => {
    this.child?.kill('SIGKILL');
  };

  constructor(
    readonly port: number,
    private readonly args: readonly string[],
  ) {}

  async start(): Promise<void> {
    if (this.child) throw new Error('this server is running');
    const child = spawn('redis-server', this.args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    this.output = '';
    process.on('exit', this.onExit);
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
    await Promise.race([answers(LOOPBACK, this.port), failed]);
  }

  async kill(): Promise<void> {
    process.removeListener('exit', this.onExit);
    const child = this.child;
    if (!child) return;
    this.child = undefined;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  pause(): void {
    this.child?.kill('SIGSTOP');
  }

  resume(): void {
    this.child?.kill('SIGCONT');
  }
}

function missingServer(error: Error): Error {
  const hint = 'redis-server must be on PATH (7.0 or newer), or a Docker engine must answer';
  return new Error(`cannot start redis-server: ${hint}`, { cause: error });
}
