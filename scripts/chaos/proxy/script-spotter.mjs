// @ts-check
import { createHash } from 'node:crypto';

/** The first line of each of the product's scripts after its flags says its name. */
const NAME = /^(?:#!lua[^\n]*\n)?-- ([a-z-]+):/;
const LONGEST_ARGUMENT_KEPT = 256 * 1_024;

/**
 * Reads requests as they pass and tells which scripts are called. A script that the server does not know yet is sent as
 * its source (EVAL), from which its digest, used from then on (EVALSHA), is learned.
 */
export class ScriptSpotter {
  #rest = Buffer.alloc(0);
  /** @type {string[]} */
  #words = [];
  #expected = 0;

  /** @param {Map<string, string>} digests */
  constructor(digests) {
    this.digests = digests;
  }

  /**
   * @param {Buffer} bytes
   * @returns {Set<string>} names of scripts that this part calls
   */
  read(bytes) {
    /** @type {Set<string>} */
    const called = new Set();
    let data = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes;
    let at = 0;
    for (;;) {
      const lineEnd = data.indexOf('\r\n', at);
      if (lineEnd < 0) break;
      const length = Number(data.toString('latin1', at + 1, lineEnd));
      if (data[at] === 0x2a) {
        this.#expected = length;
        this.#words = [];
        at = lineEnd + 2;
        continue;
      }
      if (data[at] !== 0x24) {
        // Not how the driver speaks: nothing more is read of this part.
        at = data.length;
        break;
      }
      const end = lineEnd + 2 + length + 2;
      if (end > data.length) break;
      // The command and the script or its digest are all that matters.
      if (this.#words.length < 2) this.#words.push(data.toString('latin1', lineEnd + 2, end - 2));
      at = end;
      this.#expected -= 1;
      if (this.#expected === 0) this.#note(called);
    }
    data = data.subarray(at);
    this.#rest = data.length > LONGEST_ARGUMENT_KEPT * 64 ? Buffer.alloc(0) : Buffer.from(data);
    return called;
  }

  /** @param {Set<string>} called */
  #note(called) {
    const [command = '', script = ''] = this.#words;
    if (/^eval$/i.test(command)) {
      const name = NAME.exec(script)?.[1];
      if (name === undefined) return;
      this.digests.set(createHash('sha1').update(script, 'latin1').digest('hex'), name);
      called.add(name);
    } else if (/^evalsha$/i.test(command)) {
      const name = this.digests.get(script);
      if (name !== undefined) called.add(name);
    }
  }
}
