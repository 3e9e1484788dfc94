// @ts-check
import { LineReader } from '../lines/line-reader.mjs';
import { splitLines } from '../lines/split-lines.mjs';

/**
 * @typedef {{ name: string, open(): AsyncIterable<Uint8Array>, bytes?: number }} Source
 *   open: reads it from the beginning, as often as one likes; bytes: its length, where known
 *
 * @typedef {{ lines: number, facts: number, own: number, foreign: number, broken: number, bytes: number,
 *   fault?: string }} Tally   fault: why it could not be read to its end
 *
 * @typedef {{
 *   fact(fact: import('../lines/fact.mjs').Fact): void,
 *   broken(fields: Record<string, string>): void,
 *   tally(name: string, tally: Tally): void,
 *   progress?(bytes: number, lines: number): void,
 * }} Receiver
 */

/**
 * Reads all sources side by side and hands their facts on, the oldest first as far as each source is in order. So the
 * lines of all pods about one message come close together, which bounds what is open; nothing depends on the order.
 * @param {readonly Source[]} sources
 * @param {Receiver} receiver
 */
export async function mergeSources(sources, receiver) {
  const cursors = sources.map((source) => new Cursor(source, receiver));
  let live = [];
  for (const cursor of cursors) if (await cursor.refill()) live.push(cursor);
  while (live.length > 0) {
    let next = /** @type {Cursor} */ (live[0]);
    let until = Infinity;
    for (const cursor of live) {
      if (cursor === next) continue;
      if (cursor.headAt < next.headAt) {
        until = Math.min(until, next.headAt);
        next = cursor;
      } else until = Math.min(until, cursor.headAt);
    }
    next.handOn(until);
    if (next.isEmpty && !(await next.refill())) live = live.filter((cursor) => cursor !== next);
  }
}

class Cursor {
  /** @type {{ at: number, reading: import('../lines/line-reader.mjs').Reading }[]} */
  #batch = [];
  #next = 0;
  #latest = -Infinity;
  #reader = new LineReader();
  #chunks;
  /** @type {Tally} */
  #tally = { lines: 0, facts: 0, own: 0, foreign: 0, broken: 0, bytes: 0 };

  /**
   * @param {Source} source
   * @param {Receiver} receiver
   */
  constructor({ name, open }, receiver) {
    this.receiver = receiver;
    this.#chunks = splitLines(open());
    receiver.tally(name, this.#tally);
  }

  get isEmpty() {
    return this.#next >= this.#batch.length;
  }

  get headAt() {
    return this.#batch[this.#next]?.at ?? Infinity;
  }

  /** @param {number} until the time of the oldest line elsewhere */
  handOn(until) {
    const { receiver } = this;
    do {
      const { reading } = /** @type {{ reading: import('../lines/line-reader.mjs').Reading }} */ (
        this.#batch[this.#next]
      );
      this.#next += 1;
      if (reading.kind === 'fact') receiver.fact(reading.fact);
      else if (reading.kind === 'broken') receiver.broken(reading.fields);
    } while (this.headAt <= until && !this.isEmpty);
  }

  /** @returns {Promise<boolean>} false at the end */
  async refill() {
    this.#batch = [];
    this.#next = 0;
    while (this.#batch.length === 0) {
      const chunk = await this.#nextChunk();
      if (!chunk || chunk.done) return false;
      this.#tally.bytes += chunk.value.bytes;
      for (const line of chunk.value.lines) this.#read(line);
      this.receiver.progress?.(chunk.value.bytes, chunk.value.lines.length);
    }
    return true;
  }

  /** A source that cannot be read to its end (a packed file cut off, say) ends where it can be read. */
  async #nextChunk() {
    try {
      return await this.#chunks.next();
    } catch (error) {
      this.#tally.fault = error instanceof Error ? error.message : String(error);
      return undefined;
    }
  }

  /** @param {string} line */
  #read(line) {
    for (const reading of this.#reader.read(line)) {
      if (reading.kind === 'blank') continue;
      this.#tally.lines += 1;
      switch (reading.kind) {
        case 'fact': {
          this.#tally.facts += 1;
          // A source is taken to be in order: a line from the past comes with its neighbours.
          if (reading.fact.at > this.#latest) this.#latest = reading.fact.at;
          this.#batch.push({ at: this.#latest, reading });
          break;
        }
        case 'broken':
          this.#tally.broken += 1;
          this.#batch.push({ at: this.#latest, reading });
          break;
        default:
          this.#tally[reading.kind] += 1;
      }
    }
  }
}
