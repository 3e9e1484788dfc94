import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { eventually } from '@onlyonce/testing';

/** One line of a service's log. */
export type LogLine = Readonly<Record<string, unknown>> & {
  readonly event?: string;
  readonly messageId?: string;
};

/** A built service as a process of its own, as people start it: `node <service>/dist/main.js`. */
export class ServiceProcess {
  readonly log: LogLine[] = [];
  stderr = '';
  private base = '';

  private constructor(private readonly child: ChildProcess) {
    const { stdout, stderr } = child;
    if (!stdout || !stderr) throw new Error('the service has no output');
    createInterface({ input: stdout }).on('line', (line) => this.log.push(JSON.parse(line) as LogLine));
    stderr.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
  }

  /** Starts it and does not wait. */
  static spawn(service: 'order' | 'inventory', env: Readonly<Record<string, string>>): ServiceProcess {
    const main = fileURLToPath(new URL(`../../../${service}/dist/main.js`, import.meta.url));
    const { PATH = '' } = process.env;
    const child = spawn(process.execPath, [main], {
      env: { PATH, HOST: '127.0.0.1', PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new ServiceProcess(child);
  }

  /** Starts it and waits until it listens; it need not be ready. */
  static async listening(
    service: 'order' | 'inventory',
    env: Readonly<Record<string, string>>,
  ): Promise<ServiceProcess> {
    const started = ServiceProcess.spawn(service, env);
    await eventually(
      () => {
        if (started.child.exitCode !== null) throw new Error(`${service} ended: ${started.stderr}`);
        const line = started.log.find(({ event }) => event === 'service.started');
        if (!line) throw new Error(`${service} does not listen yet: ${started.stderr}`);
        started.base = String(line['url']);
      },
      { withinMs: 30_000, everyMs: 25 },
    );
    return started;
  }

  /** Starts it and waits until it is ready. */
  static async ready(
    service: 'order' | 'inventory',
    env: Readonly<Record<string, string>>,
  ): Promise<ServiceProcess> {
    const started = await ServiceProcess.listening(service, env);
    await started.becomesReady();
    return started;
  }

  async becomesReady(withinMs = 30_000): Promise<void> {
    await eventually(
      async () => {
        const answer = await this.get('/health/ready');
        if (answer.status !== 200) throw new Error(`not ready: ${await answer.text()}`);
      },
      { withinMs, everyMs: 50 },
    );
  }

  get url(): string {
    return this.base;
  }

  get(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.base}${path}`, init);
  }

  send(
    method: 'POST' | 'PUT',
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return fetch(`${this.base}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      body: text,
    });
  }

  logged(event: string, messageId?: string): LogLine[] {
    return this.log.filter(
      (line) => line.event === event && (messageId === undefined || line.messageId === messageId),
    );
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Resolves with the exit code once it has ended; null when a signal ended it. */
  async ended(): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const [code] = (await once(this.child, 'close')) as [number | null];
    return code;
  }

  /** Ends it at once, if it has not ended by itself. */
  async kill(): Promise<void> {
    const ended = this.ended();
    this.child.kill('SIGKILL');
    await ended;
  }
}
