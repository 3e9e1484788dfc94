// @ts-check
import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { filesOf } from '../../verify/sources/file-source.mjs';

const CHUNK_BYTES = 1_048_576;

/** What is written to log files from now on; files that a pattern names later are read from their beginning. */
export class FileTails {
  /** @type {Map<string, Tail>} */
  #tails = new Map();

  /**
   * @param {readonly string[]} patterns files or globs
   * @param {{ fromBeginning?: boolean }} [how]
   */
  constructor(patterns, { fromBeginning = false } = {}) {
    this.patterns = patterns;
    for (const file of this.#files())
      this.#tails.set(file, new Tail(file, fromBeginning ? 0 : statSync(file).size));
  }

  /** @returns {Iterable<string>} whole lines that came since the last call */
  *news() {
    for (const file of this.#files()) if (!this.#tails.has(file)) this.#tails.set(file, new Tail(file, 0));
    for (const tail of this.#tails.values()) yield* tail.news();
  }

  /** @returns {Iterable<string>} what has no line end, and never will */
  *rests() {
    for (const tail of this.#tails.values()) if (tail.rest.length > 0) yield tail.rest.toString('utf8');
  }

  #files() {
    return new Set(this.patterns.flatMap(filesOf));
  }
}

class Tail {
  rest = Buffer.alloc(0);

  /**
   * @param {string} file
   * @param {number} position
   */
  constructor(file, position) {
    this.file = file;
    this.position = position;
  }

  /** @returns {Generator<string, void>} */
  *news() {
    if (!existsSync(this.file)) return;
    const file = openSync(this.file, 'r');
    try {
      // Shorter than before: somebody began it anew.
      if (fstatSync(file).size < this.position) this.position = 0;
      const buffer = Buffer.alloc(CHUNK_BYTES);
      for (;;) {
        const length = readSync(file, buffer, 0, CHUNK_BYTES, this.position);
        if (length === 0) return;
        this.position += length;
        const text = Buffer.concat([this.rest, buffer.subarray(0, length)]);
        const end = text.lastIndexOf(10) + 1;
        this.rest = Buffer.from(text.subarray(end));
        yield* text.toString('utf8', 0, end).split('\n').filter(Boolean);
      }
    } finally {
      closeSync(file);
    }
  }
}
