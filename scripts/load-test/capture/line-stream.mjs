// @ts-check
import { splitLines } from '../../verify/lines/split-lines.mjs';

/** Lines of a stream that goes on: standard input, or what a command prints. */
export class LineStream {
  /** @type {string[]} */
  #lines = [];
  /** Why it cannot be read any more. @type {Error | undefined} */
  fault;
  ended = false;

  /** @param {AsyncIterable<Uint8Array>} stream */
  constructor(stream) {
    void this.#read(stream);
  }

  /** @returns {Iterable<string>} what came since the last call */
  news() {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  /** @param {AsyncIterable<Uint8Array>} stream */
  async #read(stream) {
    try {
      for await (const { lines } of splitLines(stream)) {
        for (const line of lines) if (line !== '') this.#lines.push(line);
      }
    } catch (error) {
      this.fault = error instanceof Error ? error : new Error(String(error));
    }
    this.ended = true;
  }
}
