// @ts-check
import { killWhileHolding, pausePastTtl } from './faults.mjs';
import { judge } from './judge.mjs';
import { makeOrders, OWN_STOCK, ownItem, sharedDemand } from './orders.mjs';
import { PodWitness } from './pod-witness.mjs';
import { sendOrders } from './sending.mjs';
import { forEachSome, ShopClient } from './shop-client.mjs';
import { waitFor } from '../local/wait-for.mjs';

/** What is left of every shared item when each order took effect once. */
const LEFT_OVER = 25;

/**
 * The demo itself, on processes that are ready: sets stock, sends orders, strikes, waits, looks.
 * @param {{
 *   order: import('../local/pod.mjs').Pod, inventories: readonly import('../local/pod.mjs').Pod[],
 *   settings: import('./settings.mjs').DemoSettings, progress: import('./progress.mjs').Progress,
 * }} stage the second inventory is killed, the third paused
 */
export async function runDemo({ order, inventories, settings, progress }) {
  const [healthy, victim, sleeper] = inventories;
  if (!healthy || !victim || !sleeper) throw new Error('the demo needs three inventory pods');
  const client = new ShopClient({ orderUrl: order.url, inventoryUrl: healthy.url });
  const orders = makeOrders(settings.orders);
  const startStock = new Map([...sharedDemand(orders)].map(([id, units]) => [id, units + LEFT_OVER]));
  const ownItems = orders.map(({ orderId }) => ownItem(orderId));
  await forEachSome([...startStock], ([id, units]) => client.putStock(id, units));
  await forEachSome(ownItems, (id) => client.putStock(id, OWN_STOCK));
  progress.say(
    `Stock is set: ${startStock.size} shared items, and one item of its own for each of ${orders.length} orders.`,
  );

  const witnesses = inventories.map((pod) => new PodWitness(pod));
  const began = performance.now();
  const elapsedMs = () => performance.now() - began;
  const sending = sendOrders({
    client,
    orders,
    repeats: settings.repeats,
    perSecond: settings.ordersPerSecond,
    onSent: (count) => progress.count('orders sent', count, orders.length),
  });
  // A failure to send ends the demo even while a fault is under way.
  const faults = await Promise.race([
    strikeTwice(),
    sending.then(() => /** @type {never} */ (new Promise(() => undefined))),
  ]);
  const { accepted, repeatsRefused } = await sending;
  progress.say(`${orders.length} orders sent, ${repeatsRefused} of them twice.`);

  const states = await settled({ client, orders, settings, progress });
  const seconds = elapsedMs() / 1_000;
  const items = [...startStock.keys(), ...ownItems];
  const counts = await forEachSome(items, (id) => client.stock(id));
  const stock = new Map(items.map((id, index) => [id, /** @type {number} */ (counts[index])]));
  for (const witness of witnesses) witness.update();
  const verdict = judge(
    { orders, repeats: settings.repeats, startStock },
    { accepted, repeatsRefused, states, stock },
  );
  const open = [...states.values()].filter((state) => state === 'PENDING').length;
  return { verdict, witnesses, faults, seconds, open };

  async function strikeTwice() {
    const [, victimWitness, sleeperWitness] = /** @type {[PodWitness, PodWitness, PodWitness]} */ (witnesses);
    const sendMs = (orders.length * 1_000) / settings.ordersPerSecond;
    await waitUntil(sendMs / 5);
    const killed = await killWhileHolding(victimWitness, elapsedMs);
    progress.say(`${killed.pod} was killed (SIGKILL) while it held ${killed.held.length} messages.`);
    await waitUntil(sendMs / 2);
    const pausing = pausePastTtl(sleeperWitness, elapsedMs, 2 * settings.lockTtlMs);
    progress.say(`${sleeper?.name} is paused (SIGSTOP) for twice the TTL of its locks.`);
    const paused = await pausing;
    progress.say(
      `${paused.pod} goes on (SIGCONT), with ${paused.held.length} messages whose locks have run out.`,
    );
    return [killed, paused];
  }

  /** @param {number} ms since the first order */
  async function waitUntil(ms) {
    await waitFor('the moment of the fault', () => elapsedMs() >= ms, {
      deadlineMs: ms + 1_000,
      everyMs: 10,
    });
  }
}

/**
 * Asks for every order until none is PENDING, or the time is over.
 * @param {{
 *   client: ShopClient, orders: readonly import('./orders.mjs').Order[],
 *   settings: import('./settings.mjs').DemoSettings, progress: import('./progress.mjs').Progress,
 * }} options
 * @returns {Promise<Map<string, string>>} state by order id
 */
async function settled({ client, orders, settings, progress }) {
  /** @type {Map<string, string>} */
  const states = new Map();
  const open = () => orders.filter(({ orderId }) => (states.get(orderId) ?? 'PENDING') === 'PENDING');
  const ask = async () => {
    await forEachSome(open(), async ({ orderId }) => {
      states.set(orderId, (await client.order(orderId)).status);
    });
    progress.count('orders settled', orders.length - open().length, orders.length);
    return open().length === 0;
  };
  const limits = { deadlineMs: settings.settleSeconds * 1_000, everyMs: 200 };
  // What is still open then is for the judge to tell.
  await waitFor('the settling of every order', ask, limits).catch(() => undefined);
  return states;
}
