// @ts-check
import { ENDING } from './ledger.mjs';
import { forEachSome } from './system/shop-door.mjs';
import { waitFor } from '../local/wait-for.mjs';

/** So long no line came: what is open may be settled by a pod that was killed before its line. */
const QUIET_MS = 1_500;
const LAST_LINES_MS = 20_000;
const MOST_ASKED = 500;

/** @type {Readonly<Record<string, number>>} */
const ENDING_OF_STATE = { CONFIRMED: ENDING.processed, REJECTED: ENDING.rejected, FAILED: ENDING.dead };

/**
 * Waits until everything that was accepted is settled, or nothing is to be expected any more.
 * @param {{
 *   ledger: import('./ledger.mjs').Ledger, orders: import('./orders.mjs').RunOrders,
 *   door: Pick<import('./system/shop-door.mjs').ShopDoor, 'order'>, timeOrigin: number, deadlineMs: number,
 *   capture: import('./capture/log-capture.mjs').LogCapture | undefined,
 * }} run
 * @returns {Promise<boolean>} whether all are settled
 */
export async function settle({ ledger, orders, door, timeOrigin, deadlineMs, capture }) {
  const all = async () => {
    capture?.look();
    if (capture?.fault) throw capture.fault;
    if (ledger.acceptedOpen === 0) return true;
    if (capture === undefined || capture.quietMs > QUIET_MS) await askAboutOpen();
    return ledger.acceptedOpen === 0;
  };
  const askAboutOpen = () =>
    forEachSome(ledger.open().slice(0, MOST_ASKED), async (number) => {
      const order = await door.order(orders.id(number));
      const ending = ENDING_OF_STATE[order?.status ?? ''];
      if (ending === undefined) return;
      ledger.settledAs(number, ending, Date.parse(order?.processedAt ?? '') - timeOrigin);
    });
  try {
    return await waitFor('the settling of every order', all, { deadlineMs, everyMs: 100 });
  } catch (error) {
    if (capture?.fault) throw error;
    return false;
  }
}

/**
 * Waits for the last lines about what is settled already: results, lost races.
 * @param {import('./capture/log-capture.mjs').LogCapture} capture
 */
export async function lastLines(capture) {
  const quiet = () => capture.quietMs > QUIET_MS;
  // A system in which others are busy is never quiet, but what is ours is: only those lines count.
  await waitFor('the last line', quiet, { deadlineMs: LAST_LINES_MS, everyMs: 100 }).catch(() => undefined);
}
