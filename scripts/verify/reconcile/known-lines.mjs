// @ts-check
import { CompactTable } from './compact-table.mjs';
import { IdDigest } from './id-digest.mjs';

/** Lines that most messages have none of, to know each again when it is delivered twice. */
export class KnownLines {
  #table = new CompactTable();
  #digest = new IdDigest();

  /**
   * @param {import('../lines/fact.mjs').Fact} fact
   * @returns {boolean} whether the very same line was there before
   */
  note({ event, at, pod, token, id }) {
    const digest = this.#digest.of(`${event} ${at} ${token} ${pod.length} ${pod} ${id}`);
    if (this.#table.has(digest)) return true;
    this.#table.set(digest, { at: Number.NaN, token: undefined, print: 0, pod: 0, kind: 1 });
    return false;
  }
}
