// @ts-check
import { openPartSize } from './aof-file.mjs';

const EVERY_MS = 50;
const KEPT = 200;

/** Remembers how long the append-only file was lately: what a loss of power may leave of it. */
export class FileSizes {
  /** @type {{ at: number, file: string, size: number }[]} */
  #seen = [];
  #timer;

  /** @param {string} directory */
  constructor(directory) {
    this.#timer = setInterval(() => {
      try {
        this.#seen.push({ at: Date.now(), ...openPartSize(directory) });
        if (this.#seen.length > KEPT) this.#seen.shift();
      } catch {
        // The server has not made it yet.
      }
    }, EVERY_MS);
  }

  /**
   * @param {string} file
   * @param {number} at
   * @returns {number | undefined} its length then
   */
  before(file, at) {
    return this.#seen.findLast((seen) => seen.file === file && seen.at <= at)?.size;
  }

  stop() {
    clearInterval(this.#timer);
  }
}
