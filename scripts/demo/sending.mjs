// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Sends orders at a steady pace; every nth is sent again, half of these at the same moment, half at the end.
 * @param {{
 *   client: import('./shop-client.mjs').ShopClient, orders: readonly import('./orders.mjs').Order[],
 *   repeats: number, perSecond: number, onSent: (count: number) => void,
 * }} options
 * @returns {Promise<{ accepted: number, repeatsRefused: number }>}
 */
export async function sendOrders({ client, orders, repeats, perSecond, onSent }) {
  const everyNth = Math.floor(orders.length / repeats);
  const repeated = orders.filter((_, index) => index % everyNth === 0).slice(0, repeats);
  const atOnce = new Set(repeated.filter((_, index) => index % 2 === 0));
  /** @type {Promise<import('./shop-client.mjs').OrderAnswer>[]} */
  const answers = [];
  const place = (/** @type {import('./orders.mjs').Order} */ order) => {
    const answer = client.place(order);
    // Looked at below, all together: until then nobody must think it unhandled.
    answer.catch(() => undefined);
    answers.push(answer);
  };
  const began = performance.now();
  for (const [index, order] of orders.entries()) {
    const dueIn = began + (index * 1_000) / perSecond - performance.now();
    if (dueIn > 0) await sleep(dueIn);
    place(order);
    if (atOnce.has(order)) place(order);
    onSent(index + 1);
  }
  for (const order of repeated) if (!atOnce.has(order)) place(order);
  const duplicates = (await Promise.all(answers)).filter(({ duplicate }) => duplicate === true).length;
  return { accepted: answers.length - duplicates, repeatsRefused: duplicates };
}
