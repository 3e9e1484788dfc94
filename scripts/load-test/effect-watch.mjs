// @ts-check
import { LineReader } from '../verify/lines/line-reader.mjs';
import { ENDING } from './ledger.mjs';

/** @type {Readonly<Record<string, number>>} */
const ENDINGS = {
  'message.processed': ENDING.processed,
  'message.rejected': ENDING.rejected,
  'message.dead': ENDING.dead,
};
const TELLS_AN_ENDING = /"message\.(?:processed|rejected|dead)"/;

/** Log times are whole milliseconds, cut off: half of one is what they lack on average. */
const CUT_OFF_MS = 0.5;

/** Reads from log lines, as they come, which orders of this run are settled, and when. */
export class EffectWatch {
  #reader = new LineReader();
  /** The group whose settlements count: the first one that is seen to settle an order of this run. */
  group = '';
  /** Lines about this run so far. */
  lines = 0;

  /**
   * @param {import('./orders.mjs').RunOrders} orders
   * @param {import('./ledger.mjs').Ledger} ledger
   * @param {number} timeOrigin what to take from a time since 1970 to get one of `performance.now()`
   */
  constructor(orders, ledger, timeOrigin) {
    this.orders = orders;
    this.ledger = ledger;
    this.timeOrigin = timeOrigin;
  }

  /**
   * @param {string} line
   * @returns {boolean} whether it belongs to what the verifier has to see: of this run, or of no message at all
   */
  take(line) {
    const ours = line.includes(this.orders.tag);
    if (!ours) return !line.includes('"messageId"');
    this.lines += 1;
    if (TELLS_AN_ENDING.test(line)) for (const reading of this.#reader.read(line)) this.#ending(reading);
    return true;
  }

  /** @param {import('../verify/lines/line-reader.mjs').Reading} reading */
  #ending(reading) {
    if (reading.kind !== 'fact') return;
    const { event, id, group = '', at } = reading.fact;
    const number = this.orders.numberOf(id);
    const ending = ENDINGS[event];
    if (number === undefined || ending === undefined) return;
    this.group ||= group;
    if (group === this.group) this.ledger.settledAs(number, ending, at - this.timeOrigin + CUT_OFF_MS);
  }
}
