// @ts-check
import { styleText } from 'node:util';

const BAR = 30;
/** A run takes half an hour: what is no terminal keeps every line. */
const PLAIN_EVERY_MS = 10_000;

/** Tells how far the benchmark is: one line that is written over on a terminal, now and then a plain line elsewhere. */
export class Progress {
  #lastPlainAt = 0;
  #open = false;
  #mute = false;

  /** @param {{ stream?: NodeJS.WriteStream, began?: number }} [options] */
  constructor({ stream = process.stdout, began = performance.now() } = {}) {
    this.stream = stream;
    this.began = began;
  }

  /**
   * Something that happened once.
   * @param {string} text
   */
  say(text) {
    if (this.#mute) return;
    this.#close();
    const seconds = ((performance.now() - this.began) / 1_000).toFixed(1).padStart(5);
    this.stream.write(`${styleText('dim', `${seconds} s`)}  ${text}\n`);
  }

  /**
   * Where a count stands.
   * @param {string} what
   * @param {number} done
   * @param {number} of
   */
  count(what, done, of) {
    if (this.#mute) return;
    if (this.stream.isTTY) {
      const filled = Math.round((BAR * done) / of);
      const bar = styleText('green', '█'.repeat(filled)) + styleText('dim', '░'.repeat(BAR - filled));
      this.stream.write(`\r\u001b[K${bar} ${done}/${of} ${what}`);
      this.#open = true;
      return;
    }
    const now = performance.now();
    if (now - this.#lastPlainAt < PLAIN_EVERY_MS) return;
    this.#lastPlainAt = now;
    this.say(`${done}/${of} ${what}`);
  }

  /**
   * Says one thing more, whatever goes on in the background.
   * @param {string} text
   */
  lastWord(text) {
    this.say(text);
    this.#mute = true;
  }

  #close() {
    if (this.#open) this.stream.write('\r\u001b[K');
    this.#open = false;
  }
}
