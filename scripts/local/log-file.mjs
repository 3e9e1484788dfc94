// @ts-check
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

/**
 * One line of a service's log; docs/logs.md lists the fields.
 * @typedef {{
 *   event?: string, time?: number | string, level?: number | string, pod?: string, service?: string, msg?: string,
 *   channel?: string, group?: string, messageId?: string, attempt?: number, fencingToken?: string | number,
 *   previousPod?: string, [field: string]: unknown,
 * }} LogLine
 */

const CHUNK = 256 * 1_024;

/** Reads a growing file of JSON lines, each line once. A half line at the end waits for its other half. */
export class LogFile {
  #position = 0;
  #rest = Buffer.alloc(0);

  /** @param {string} path */
  constructor(path) {
    this.path = path;
  }

  /**
   * What came since the last call.
   * @returns {(LogLine | string)[]} text for lines that are no JSON objects
   */
  read() {
    if (!existsSync(this.path)) return [];
    const file = openSync(this.path, 'r');
    try {
      // Shorter than before: somebody began it anew.
      if (fstatSync(file).size < this.#position) this.#position = 0;
      const buffer = Buffer.alloc(CHUNK);
      const lines = [];
      for (;;) {
        const length = readSync(file, buffer, 0, CHUNK, this.#position);
        if (length === 0) return lines;
        this.#position += length;
        const parts = Buffer.concat([this.#rest, buffer.subarray(0, length)]);
        const end = parts.lastIndexOf(10) + 1;
        this.#rest = Buffer.from(parts.subarray(end));
        lines.push(...parts.subarray(0, end).toString('utf8').split('\n').filter(Boolean).map(parsed));
      }
    } finally {
      closeSync(file);
    }
  }
}

/** @param {string} line */
function parsed(line) {
  try {
    const value = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return /** @type {LogLine} */ (value);
  } catch {
    // A crash of the runtime speaks in plain text.
  }
  return line;
}
