// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './state-directory.mjs';
import { waitFor } from './wait-for.mjs';

/** @typedef {'order' | 'inventory'} Service */

/** One process of a service, as a pod would run it; its log goes to a file. May be started again after its end. */
export class Pod {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;

  /**
   * @param {{
   *   name: string, service: Service, port: number, logFile: string, env?: Record<string, string>, detached?: boolean,
   * }} options
   */
  constructor({ name, service, port, logFile, env = {}, detached = false }) {
    this.name = name;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.logFile = logFile;
    this.program = join(ROOT, service, 'dist/main.js');
    this.env = env;
    this.detached = detached;
  }

  start() {
    if (this.running) throw new Error(`${this.name} runs already`);
    if (!existsSync(this.program)) throw new Error(`${this.program} is missing: run make build first`);
    const log = openSync(this.logFile, 'a');
    this.#child = spawn(process.execPath, [this.program], {
      cwd: ROOT,
      // NODE_OPTIONS is meant for us, not for them.
      env: { ...process.env, NODE_OPTIONS: '', PORT: String(this.port), POD_NAME: this.name, ...this.env },
      stdio: ['ignore', log, log],
      detached: this.detached,
    });
    closeSync(log);
    if (this.detached) this.#child.unref();
  }

  get running() {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** @returns {import('./started.mjs').Started} */
  get started() {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error(`${this.name} was not started`);
    return { kind: 'process', name: this.name, pid, marker: this.program };
  }

  /**
   * @param {number} [deadlineMs]
   * @throws Error with the end of its log when it dies or stays unready
   */
  async ready(deadlineMs = 30_000) {
    const ask = async () => {
      if (!this.running) throw new Error('it ended');
      return (await statusOf(`${this.url}/health/ready`)) === 200;
    };
    try {
      await waitFor('readiness', ask, { deadlineMs });
    } catch (error) {
      throw new Error(`${this.name} did not get ready; the end of its log:\n${this.lastLines()}`, {
        cause: error,
      });
    }
  }

  /** @param {NodeJS.Signals} signal */
  signal(signal) {
    if (!this.#child?.kill(signal)) throw new Error(`${this.name} does not run`);
  }

  /**
   * Sends a signal that ends the process, and waits until it has ended.
   * @param {'SIGTERM' | 'SIGKILL'} signal
   * @param {number} [deadlineMs] then it is killed
   * @returns {Promise<{ code: number | null, signal: string | null }>}
   */
  async end(signal, deadlineMs = 30_000) {
    const child = this.#child;
    if (child === undefined || !this.running) return { code: null, signal: null };
    const ended = once(child, 'exit');
    // A paused process hears nothing but SIGKILL.
    if (signal === 'SIGTERM') child.kill('SIGCONT');
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
    await ended;
    clearTimeout(timer);
    return { code: child.exitCode, signal: child.signalCode };
  }

  /** For the last moment of our own process, when nothing can be waited for. */
  killNow() {
    if (this.running) this.#child?.kill('SIGKILL');
  }

  lastLines() {
    if (!existsSync(this.logFile)) return '';
    return readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-12).join('\n');
  }
}

/**
 * @param {string} url
 * @returns {Promise<number>} 0 when nobody answers
 */
export async function statusOf(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}
