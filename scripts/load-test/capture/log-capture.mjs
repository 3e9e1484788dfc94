// @ts-check
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

const EVERY_MS = 100;

/**
 * A source of log lines. rests: what has no line end; fault: why it says no more.
 * @typedef {{ news(): Iterable<string>, rests?(): Iterable<string>, stop?(): void, readonly fault?: Error | undefined }} Lines
 */

/** Hands the lines of a source on while the run goes on, and keeps those that the verifier has to see. */
export class LogCapture {
  #timer;
  #file;
  #lastAt = performance.now();

  /**
   * @param {Lines} lines
   * @param {{ take: (line: string) => boolean, keepIn?: string }} options take: whether the line is to be kept;
   *   keepIn: a file; without it the source itself is left to be read
   */
  constructor(lines, { take, keepIn }) {
    this.lines = lines;
    this.take = take;
    this.#file = keepIn === undefined ? undefined : createWriteStream(keepIn);
    this.#timer = setInterval(() => this.look(), EVERY_MS);
  }

  /** Why there are no more lines, while more are needed. */
  get fault() {
    return this.lines.fault;
  }

  /** Since when no line came, milliseconds. */
  get quietMs() {
    return performance.now() - this.#lastAt;
  }

  look() {
    for (const line of this.lines.news()) this.#pass(line);
  }

  /** Ends it; what was kept is whole then. */
  async stop() {
    clearInterval(this.#timer);
    this.look();
    for (const rest of this.lines.rests?.() ?? []) this.#pass(rest);
    this.lines.stop?.();
    if (!this.#file) return;
    this.#file.end();
    await finished(this.#file);
  }

  /** @param {string} line */
  #pass(line) {
    if (!this.take(line)) return;
    this.#lastAt = performance.now();
    this.#file?.write(`${line}\n`);
  }
}
