import { expect } from '@jest/globals';
import { waitFor } from '../../../scripts/local/wait-for.mjs';
import { eachOf } from './each.js';
import { call } from './http.js';
import { demandOf, type Order } from './orders.js';
import { say } from './say.js';
import type { Shop } from './shop.js';

export type State = 'CONFIRMED' | 'REJECTED' | 'FAILED';

export interface Case {
  readonly shop: Shop;
  /** For the figure that is printed. */
  readonly what: string;
  /** Those that were answered 202. */
  readonly orders: readonly Order[];
  /** Set before the first order. */
  readonly stock: ReadonlyMap<string, number>;
  /** When nothing was broken any more, and the last order was accepted. */
  readonly mendedAt: number;
  /** By performance.now(): how long after that the last order may settle. */
  readonly withinMs: number;
  /** CONFIRMED unless told otherwise. */
  readonly expected?: (order: Order) => State;
  /** How often a confirmed order moves stock: once per group. */
  readonly effects?: number;
}

/**
 * The common judge: every accepted order settles in time and in the state it should, and the stock of every item is
 * what was there less what the confirmed orders took, to the unit. It asks HTTP only; no log counts.
 */
export async function judge({ shop, what, orders, stock, effects = 1, ...rest }: Case): Promise<void> {
  const states = await settled(shop, orders, rest.mendedAt + rest.withinMs);
  const tookMs = Math.max(0, Math.round(performance.now() - rest.mendedAt));
  say(
    `${what}: ${orders.length} orders, the last settled ${tookMs} ms after the fault (at most ${rest.withinMs})`,
  );
  const wanted = new Map(orders.map((order) => [order.orderId, rest.expected?.(order) ?? 'CONFIRMED']));
  expect(differences(states, wanted)).toEqual([]);

  const confirmed = orders.filter(({ orderId }) => states.get(orderId) === 'CONFIRMED');
  const taken = demandOf(confirmed);
  const left = new Map([...stock].map(([id, units]) => [id, units - effects * (taken.get(id) ?? 0)]));
  // Several groups settle one order each in its own time.
  const found = async () => differences(await shop.stock([...stock.keys()]), left);
  if (effects > 1)
    await waitFor('the last group', async () => (await found()).length === 0, { deadlineMs: rest.withinMs });
  expect(await found()).toEqual([]);
}

/** Asks for every order until none is pending, or until the time `end` has come. */
export async function settled(
  shop: Shop,
  orders: readonly Order[],
  end: number,
): Promise<Map<string, string>> {
  const states = new Map<string, string>();
  const open = (): Order[] =>
    orders.filter(({ orderId }) => (states.get(orderId) ?? 'PENDING') === 'PENDING');
  const ask = async (): Promise<boolean> => {
    await eachOf(open(), async ({ orderId }) => {
      const answer = await call('GET', `${shop.order.url}/orders/${orderId}`).catch(() => undefined);
      states.set(orderId, stateOf(answer));
    });
    return open().length === 0;
  };
  await waitFor('settling', ask, { deadlineMs: Math.max(0, end - performance.now()) }).catch(() => undefined);
  return states;
}

function stateOf(answer: Awaited<ReturnType<typeof call>> | undefined): string {
  if (answer === undefined || answer.status === 503) return 'PENDING';
  return answer.status === 200 ? String(answer.body['status']) : `answered ${answer.status}`;
}

/** How many of many differences are told. */
const TOLD = 8;

/** Short lines, since a difference of two maps with hundreds of entries says nothing. */
function differences(found: ReadonlyMap<string, unknown>, wanted: ReadonlyMap<string, unknown>): string[] {
  const lines = [...wanted]
    .filter(([key, value]) => found.get(key) !== value)
    .map(([key, value]) => `${key}: ${String(found.get(key))} instead of ${String(value)}`);
  return lines.length <= TOLD ? lines : [...lines.slice(0, TOLD), `and ${lines.length - TOLD} more`];
}
