// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { ROOT } from '../../local/state-directory.mjs';
import { waitFor } from '../../local/wait-for.mjs';
import { settingsEnv } from '../pod/settings.mjs';

/** A program of this campaign with a channel to it; its lines go to a file. Started again after its end if wanted. */
export class ChaosProcess {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  /** @type {(message: any) => void} */
  #onMessage;
  /** Whether it can work, as it says itself; false again with each start. */
  ready = false;
  /** @type {readonly string[]} */
  reasons = [];
  starts = 0;

  /**
   * @param {{ name: string, program: string, settings: object, logFile: string, wrapper?: readonly string[], env?: Record<string, string>,
   *   onMessage?: (message: any) => void,
   *   onExit?: (process: ChaosProcess, how: { code: number | null, signal: string | null }) => void }} options
   *   wrapper: a command and its arguments that run the program, as `ip netns exec` does
   */
  constructor({ name, program, settings, logFile, wrapper = [], env = {}, onMessage, onExit }) {
    this.env = env;
    this.name = name;
    this.program = program;
    this.settings = settings;
    this.logFile = logFile;
    this.wrapper = wrapper;
    this.#onMessage = onMessage ?? (() => undefined);
    this.onExit = onExit ?? (() => undefined);
  }

  start() {
    if (this.running) throw new Error(`${this.name} runs already`);
    const log = openSync(this.logFile, 'a');
    const [command = process.execPath, ...before] = [...this.wrapper, process.execPath];
    const child = spawn(command, [...before, this.program], {
      cwd: ROOT,
      env: { ...process.env, NODE_OPTIONS: '', ...settingsEnv(this.settings), ...this.env },
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    this.#child = child;
    this.ready = false;
    this.starts += 1;
    child.on('message', (/** @type {any} */ message) => {
      if (typeof message.ready === 'boolean') {
        this.ready = message.ready;
        this.reasons = message.reasons;
      }
      this.#onMessage(message);
    });
    child.on('error', () => undefined);
    child.once('exit', (code, signal) => {
      if (this.#child !== child) return;
      this.ready = false;
      this.onExit(this, { code, signal });
    });
  }

  get pid() {
    return this.#child?.pid;
  }

  get running() {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Whether a signal holds its time still. */
  get stopped() {
    try {
      return /^\d+ \(.*\) T/s.test(readFileSync(`/proc/${this.pid}/stat`, 'utf8'));
    } catch {
      return false;
    }
  }

  /** @param {object} message */
  send(message) {
    if (this.#child?.connected) this.#child.send(message, () => undefined);
  }

  /** @param {NodeJS.Signals} signal */
  signal(signal) {
    this.#child?.kill(signal);
  }

  /**
   * @param {'SIGTERM' | 'SIGKILL'} signal
   * @param {number} [deadlineMs] then it is killed
   * @returns {Promise<{ code: number | null, signal: string | null }>}
   */
  async end(signal, deadlineMs = 30_000) {
    const child = this.#child;
    if (child === undefined || !this.running) return { code: null, signal: null };
    const ended = once(child, 'exit');
    if (signal === 'SIGTERM') child.kill('SIGCONT');
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
    await ended;
    clearTimeout(timer);
    return { code: child.exitCode, signal: child.signalCode };
  }

  killNow() {
    if (this.running) this.#child?.kill('SIGKILL');
  }

  async untilReady(deadlineMs = 180_000) {
    const ask = () => this.ready;
    await waitFor(`readiness of ${this.name}`, ask, { deadlineMs, everyMs: 20 }).catch((error) => {
      throw new Error(`${this.name}: ${this.reasons.join('; ')}\n${this.lastLines()}`, { cause: error });
    });
  }

  lastLines() {
    return readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-6).join('\n');
  }
}
