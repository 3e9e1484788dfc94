// @ts-check
import { spawn } from 'node:child_process';
import { LineStream } from './line-stream.mjs';

const FOLLOWS = /^(?:-f|--follow)$/;
const SINCE = /^--since/;

/** A setting that is a command which prints logs, and no list of files. */
export const isLogCommand = (/** @type {string} */ text) => /^(docker|docker-compose|kubectl)\s/.test(text);

/**
 * The command as it is run: it has to go on, and to begin where this run began.
 * @param {string} text such as `kubectl logs -l app=shop --prefix`
 * @param {Date} since
 * @returns {string[]}
 */
export function followed(text, since) {
  const words = text.trim().split(/\s+/);
  const option =
    words[0] === 'kubectl' ? `--since-time=${since.toISOString()}` : `--since=${since.toISOString()}`;
  // A number of last lines would cut what comes before this run: of that, nothing is wanted anyway.
  const more = [
    ...(words.some((word) => FOLLOWS.test(word)) ? [] : ['--follow']),
    ...(words.some((word) => SINCE.test(word)) ? [] : [option]),
  ];
  const at = words.indexOf('logs') + 1;
  return [...words.slice(0, at), ...more, ...words.slice(at)];
}

/** `docker compose logs` or `kubectl logs` that runs as long as the load test needs it. */
export class LogCommand {
  #child;
  #said = '';
  #stopping = false;
  /** @type {Error | undefined} */
  #fault;

  /** @param {readonly string[]} words */
  constructor(words) {
    this.words = words;
    const [program = '', ...args] = words;
    this.#child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.on('error', (error) => {
      this.#fault = error;
    });
    this.#child.on('exit', (code) => {
      if (!this.#stopping)
        this.#fault ??= new Error(`it ended with ${code}: ${this.#said.trim() || 'no word'}`);
    });
    this.#child.stderr.on('data', (text) => {
      this.#said = `${this.#said}${text}`.slice(-500);
    });
    this.lines = new LineStream(this.#child.stdout);
  }

  news() {
    return this.lines.news();
  }

  get fault() {
    return this.#fault && new Error(`${this.words.join(' ')}: ${this.#fault.message}`);
  }

  stop() {
    this.#stopping = true;
    this.#child.kill('SIGTERM');
  }
}
