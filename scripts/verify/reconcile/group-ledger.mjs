// @ts-check
import { CompactTable } from './compact-table.mjs';
import { ForgottenClaims } from './forgotten-claims.mjs';
import { History } from './history.mjs';
import { digestText } from './id-digest.mjs';
import { KnownLines } from './known-lines.mjs';

/** How a message in the table of the settled ended. */
export const SETTLED = /** @type {const} */ ({ processed: 1, rejected: 2, dead: 3 });

const MOST_DEAD_KEPT = 10_000;

/** What one group did with the messages of one channel. */
export class GroupLedger {
  /** Messages that are not settled cleanly. @type {Map<string, History>} */
  open = new Map();
  /** Messages settled cleanly: nothing but an entry of some 60 bytes is left of each. */
  settled = new CompactTable();
  forgotten = new ForgottenClaims();
  rareLines = new KnownLines();
  /** Those that speak of its messages. @type {Set<number>} */
  pods = new Set();
  /** Of what is open, that which keeps an entry in the table from before: digests, and their beginnings. */
  #reopened = new Set();
  #beginnings = new Set();
  /** @type {Set<string>} */
  #dead = new Set();
  /** The most messages that were open at one time. */
  mostOpen = 0;
  takeovers = 0;
  retries = 0;
  refused = 0;
  redriven = 0;

  /**
   * @param {string} channel
   * @param {string} name
   */
  constructor(channel, name) {
    this.channel = channel;
    this.name = name;
  }

  /**
   * Dead letters may be sent back: as long as they are few they are kept whole, so that nobody has to read twice.
   * @param {string} id
   */
  keepsDead(id) {
    if (this.#dead.size < MOST_DEAD_KEPT) this.#dead.add(id);
    return this.#dead.has(id);
  }

  /** @param {import('./id-digest.mjs').IdDigest} digest */
  reopen({ a, text }) {
    this.#reopened.add(text);
    this.#beginnings.add(a);
  }

  /** @param {import('./id-digest.mjs').IdDigest} digest */
  closeAgain({ text }) {
    if (this.#reopened.size > 0) this.#reopened.delete(text);
  }

  /**
   * @returns {Generator<{ a: number, b: number, c: number, entry: import('./compact-table.mjs').Entry }, void>} the entries of the table that are not open again
   */
  *closed() {
    for (const row of this.settled.entries()) {
      const isOpen = this.#beginnings.has(row.a) && this.#reopened.has(digestText(row.a, row.b, row.c));
      if (!isOpen) yield row;
    }
  }

  /**
   * @param {string} id
   * @returns {History} the one of this message, or a new one
   */
  history(id) {
    let history = this.open.get(id);
    if (!history) {
      history = new History();
      this.open.set(id, history);
      if (this.open.size > this.mostOpen) this.mostOpen = this.open.size;
    }
    return history;
  }
}
