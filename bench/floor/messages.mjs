// @ts-check
import { idOf, itemsOf } from '../messages.mjs';

/** Ids are made this far apart: 16,000 a second, as in a closed loop, since how full buckets of ids are depends on it. */
const APART_MS = 0.0625;
/** As the engine plans it for 1,000/s. */
const SLICE_MS = 8;

/**
 * One message, and everything that commands need of it: made beforehand, so that a way pays for its commands alone.
 * @typedef {{
 *   id: string, items: readonly { id: string, quantity: number }[], body: string, text: string, bucket: string, field: string,
 *   entry: string, lock: string, token: string, held: string,
 * }} Planned
 */

/** Makes messages whose ids go on where the last ones ended. */
export class Messages {
  #sequence = 0;
  #beganMs = Date.now() - 3_600_000;

  /**
   * @param {number} count
   * @returns {Planned[]}
   */
  next(count) {
    return Array.from({ length: count }, () => this.#one());
  }

  /** @returns {Planned} */
  #one() {
    this.#sequence += 1;
    const sequence = this.#sequence;
    const atMs = Math.floor(this.#beganMs + sequence * APART_MS);
    const id = idOf(sequence, atMs);
    const items = itemsOf(sequence);
    const body = JSON.stringify({ id, items });
    const bucket = `s${Math.floor(atMs / SLICE_MS)}`;
    const field = id.slice(14);
    const entry = `${this.#beganMs}-${sequence}`;
    const token = `${1_700_000_000_000_000 + sequence}|0123456789abcdef0123|pod-1`;
    return {
      id,
      items,
      body,
      text: `${bucket} ${field}\t${id}\t\t${body}`,
      bucket,
      field,
      entry,
      lock: `{bench}:floor:lock:${id}`,
      token,
      held: `${token}|1|${atMs}|${entry}`,
    };
  }
}
