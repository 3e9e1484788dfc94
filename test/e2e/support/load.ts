import { setTimeout as sleep } from 'node:timers/promises';
import type { Customer } from './customer.js';
import type { Order } from './orders.js';

/**
 * Sends orders at a steady pace, whether earlier ones are answered or not.
 * @returns when each of them has its final answer
 */
export async function sendAll(
  customer: Customer,
  orders: readonly Order[],
  perSecond: number,
): Promise<void> {
  const answers: Promise<unknown>[] = [];
  const began = performance.now();
  for (const [index, order] of orders.entries()) {
    const dueInMs = began + (index * 1_000) / perSecond - performance.now();
    if (dueInMs > 0) await sleep(dueInMs);
    const answer = customer.place(order);
    // Looked at below, all together: until then a failure must not count as unhandled.
    answer.catch(() => undefined);
    answers.push(answer);
  }
  await Promise.all(answers);
}
