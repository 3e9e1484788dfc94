// @ts-check
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OrderStream } from '../../compose-test/order-stream.mjs';
import { judge } from '../../demo/judge.mjs';
import { OWN_STOCK, ownItem } from '../../demo/orders.mjs';
import { certify } from '../../load-test/certificate.mjs';
import { forEachSome } from '../../load-test/system/shop-door.mjs';
import { waitFor } from '../../local/wait-for.mjs';

const SHARED_STOCK = 1_000_000;
/** Clocks of nodes may differ from ours. */
const EARLIER_MS = 60_000;

/**
 * The demo on a release that is ready: stock, orders, disturbances, and the verdict of stock, states and logs.
 * @param {{
 *   settings: import('./settings.mjs').DemoSettings, orders: import('./run-orders.mjs').RunOrders,
 *   shop: import('./shop.mjs').Shop, logs: import('./pod-logs.mjs').PodLogs,
 *   directory: string, say: (text: string) => void,
 *   disturb: () => Promise<import('./disturbances.mjs').Disturbance[]>,
 * }} stage   disturb: orders come in until it is over
 */
export async function runDemo({ settings, orders, shop, logs, directory, say, disturb }) {
  const startStock = new Map(orders.shared.map((id) => [id, SHARED_STOCK]));
  await shop.setStock(startStock);
  const stream = new OrderStream({
    // An order's own stock is set before it is sent: nobody waits for that of twenty thousand.
    client: /** @type {any} */ ({ place: (/** @type {any} */ order) => placeStocked(order) }),
    orders: orders.orders,
    perSecond: settings.perSecond,
    atLeast: settings.atLeast,
  });
  /** @type {Map<string, Promise<void>>} */
  const stocked = new Map();
  say(`Orders are coming in, ${settings.perSecond} per second, each tenth twice.`);
  const sending = stream.run();
  // Looked at below: until then nobody must think it unhandled.
  sending.catch(() => undefined);
  const disturbances = await disturb().finally(() => stream.stop());
  await sending;
  say(
    `${stream.sent.length} orders accepted, ${stream.repeated} of them sent twice, ${stream.triedAgain} calls repeated.`,
  );

  const states = await settled();
  const items = [...orders.shared, ...stream.sent.map(({ orderId }) => ownItem(orderId))];
  const endStock = await shop.stock(items);
  await logs.stop();
  const verdict = judge(
    // A repeated call may hear that its order is a duplicate of itself: how many do is not told beforehand.
    { orders: stream.sent, repeats: 0, startStock },
    {
      ...{ accepted: stream.sent.length, repeatsRefused: 0, states },
      stock: new Map(Object.entries(endStock)),
    },
  );
  const certificate = await certified(endStock);
  return { verdict, certificate, disturbances, orders: stream.sent.length };

  /** @param {import('../../demo/orders.mjs').Order} order */
  async function placeStocked(order) {
    const item = ownItem(order.orderId);
    // Once: a second time, the order's effect would be undone by it.
    const setting = stocked.get(item) ?? shop.setStock(new Map([[item, OWN_STOCK]]));
    stocked.set(item, setting);
    await setting.catch((error) => {
      // The next try of the order tries it again.
      if (stocked.get(item) === setting) stocked.delete(item);
      throw error;
    });
    return shop.place(order);
  }

  /** @returns {Promise<Map<string, string>>} state by order id; what is open when the time is over stays PENDING */
  async function settled() {
    /** @type {Map<string, string>} */
    const found = new Map();
    const open = () => stream.sent.filter(({ orderId }) => (found.get(orderId) ?? 'PENDING') === 'PENDING');
    const ask = async () => {
      await forEachSome(open(), async ({ orderId }) => {
        found.set(orderId, (await shop.order(orderId))?.status ?? 'unknown');
      });
      return open().length === 0;
    };
    const limits = { deadlineMs: settings.settleSeconds * 1_000, everyMs: 250 };
    await waitFor('the settling of every order', ask, limits).catch(() => undefined);
    return found;
  }

  /**
   * Has the verifier judge the logs.
   * @param {Record<string, number>} end
   */
  async function certified(end) {
    const file = (/** @type {string} */ name) => join(directory, name);
    writeFileSync(file('orders.jsonl'), stream.sent.map((order) => `${JSON.stringify(order)}\n`).join(''));
    writeFileSync(file('end-stock.json'), JSON.stringify(end));
    const faults = disturbances.map(({ at, until, what, pods: names }) => ({
      ...{
        at: at.toISOString(),
        until: until.toISOString(),
        kind: what,
        target: names.join(' ') || 'inventory',
      },
    }));
    writeFileSync(file('faults.jsonl'), faults.map((fault) => `${JSON.stringify(fault)}\n`).join(''));
    return certify({
      ...{ directory, maxWait: settings.maxWait, group: 'inventory', stocked: false },
      logFiles: [...logs.files],
      // What stock was before, each `stock.set` line says: it is set while orders come in.
      judgedBy: [
        ...['--order-url', shop.orderUrl, '--faults', file('faults.jsonl')],
        ...['--end-stock', file('end-stock.json')],
      ],
    });
  }
}

/** From when on logs are read. */
export const logsSince = () => new Date(Date.now() - EARLIER_MS);
