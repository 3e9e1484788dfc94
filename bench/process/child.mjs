// @ts-check
import { fork } from 'node:child_process';
import { once } from 'node:events';

const ANSWER_MS = 60_000;
/** @type {Set<import('node:child_process').ChildProcess>} */
const alive = new Set();

/** For the last moment of our own process, when nothing can be waited for. */
export function killChildren() {
  for (const child of alive) child.kill('SIGKILL');
}

/**
 * Remembers a process that must not outlive us.
 * @param {import('node:child_process').ChildProcess} child
 */
export function track(child) {
  alive.add(child);
  child.once('exit', () => alive.delete(child));
}

/** A process of ours that is given one order after the other and answers each. */
export class Child {
  #child;
  #said = '';
  /** @type {((progress: any) => void) | undefined} */
  onProgress;

  /**
   * @param {string} name
   * @param {URL} program
   */
  constructor(name, program) {
    this.name = name;
    this.#child = fork(program, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
    track(this.#child);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (part) => (this.#said = (this.#said + part).slice(-4_000)));
    }
    this.#child.on('message', (/** @type {any} */ message) => {
      if (message.type === 'progress') this.onProgress?.(message);
    });
  }

  /**
   * @param {object} order
   * @param {number} [deadlineMs]
   * @returns {Promise<any>} the report, undefined for a bare "ready"
   */
  async order(order, deadlineMs = ANSWER_MS) {
    const child = this.#child;
    const done = new AbortController();
    const { signal } = done;
    const gone = async () => {
      const [code, by] = await once(child, 'exit', { signal });
      throw new Error(`${this.name} ended (${by ?? code}):\n${this.#said}`);
    };
    const answered = () =>
      new Promise((resolve) => {
        const hear = (/** @type {any} */ message) => {
          if (message.type === 'progress') return;
          child.off('message', hear);
          resolve(message.report);
        };
        child.on('message', hear);
        signal.addEventListener('abort', () => child.off('message', hear));
      });
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => {
        reject(
          new Error(`${this.name}: no answer to ${JSON.stringify(order)} in ${deadlineMs} ms\n${this.#said}`),
        );
      }, deadlineMs);
    });
    const ended = gone();
    ended.catch(() => undefined);
    try {
      const answer = answered();
      if (child.exitCode === null && child.signalCode === null) child.send(order);
      return await Promise.race([answer, ended, late]);
    } finally {
      clearTimeout(timer);
      done.abort();
    }
  }

  /** What it printed last. */
  get said() {
    return this.#said;
  }

  /** Waits for a process that was told to stop; kills it if it does not. */
  async end(deadlineMs = 5_000) {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
    await ended;
    clearTimeout(timer);
  }

  async kill() {
    this.#child.kill('SIGKILL');
    await this.end();
  }
}
