// @ts-check
import { ownText } from '../lines/own-text.mjs';

const MOST_LINES = 60;
const MOST_CHARACTERS = 4_000;

/** What shows a violation best comes first: how the message ended, who claimed it, whence it came. */
const RANKS = /** @type {Readonly<Record<string, number>>} */ ({
  'message.processed': 0,
  'message.rejected': 0,
  'message.dead': 0,
  'message.redriven': 1,
  'lock.won': 1,
  'order.accepted': 1,
  'message.recovered': 2,
  'message.retry': 2,
  'message.released': 2,
  'message.duplicate': 2,
});
const LAST_RANK = 3;

/** The lines that are shown of one message: not more than sixty, those that matter most. */
export class ShownLines {
  /** By rank. @type {string[][]} */
  #kept = Array.from({ length: LAST_RANK + 1 }, () => []);
  #size = 0;

  /**
   * @param {string} line
   * @param {string | undefined} event
   */
  add(line, event) {
    const rank = RANKS[event ?? ''] ?? LAST_RANK;
    if (this.#size >= MOST_LINES) {
      const worst = this.#kept.findLastIndex(({ length }) => length > 0);
      if (worst <= rank) return;
      this.#kept[worst]?.pop();
      this.#size -= 1;
    }
    this.#kept[rank]?.push(ownText(line.slice(0, MOST_CHARACTERS)));
    this.#size += 1;
  }

  get lines() {
    return this.#kept.flat();
  }
}
