// @ts-check
import { readFileSync } from 'node:fs';
import { UsageError } from './arguments.mjs';
import { RedisOracle } from './oracle/redis-oracle.mjs';
import { CompactTable } from './reconcile/compact-table.mjs';
import { endingIn } from './reconcile/ending-in.mjs';
import { IdDigest } from './reconcile/id-digest.mjs';
import { judgeStock, stockOf } from './reconcile/judge-stock.mjs';
import { readAcceptedList } from './sources/accepted-list.mjs';

/**
 * @typedef {import('./arguments.mjs').Options} Options
 * @typedef {import('./oracle/http-oracle.mjs').HttpOracle} HttpOracle
 * @typedef {import('./reconcile/reconciler.mjs').Reconciler} Reconciler
 */

/**
 * Gathers what is known of the stock, from files, logs and stores, and judges it.
 * @param {{ options: Options, oracles: readonly (HttpOracle | RedisOracle)[], books: Reconciler,
 *   testimony: import('./oracle/ask-store.mjs').Testimony, where: { channel: string, group: string | undefined },
 *   groups: readonly import('./reconcile/group-counts.mjs').GroupCounts[] }} known
 */
export async function judgeStocks({ options, oracles, books, testimony, where, groups }) {
  const { stockSets: sets } = books;
  const given = readStock(options.startStock, '--start-stock');
  const witness = oracles.find(({ knowsStock }) => knowsStock);
  const end = readStock(options.endStock, '--end-stock') ?? (await witness?.stock());
  if (!end) return undefined;
  /** @type {Map<string, number>} */
  const taken = new Map();
  let known = false;
  let effects = 0;
  const registrar = oracles.find(({ knowsOrders }) => knowsOrders);
  const digest = new IdDigest();
  let untold = 0;
  for await (const { id, items } of ordersWithItems(options.accepted, oracles)) {
    known = true;
    const ending = endingIn(books, where, id);
    if (ending === 'processed' || testimony.outcomes.get(id) === 'CONFIRMED') effects += 1;
    else if (
      ending === undefined &&
      books.results.prove({ name: where.group ?? '', channel: where.channel }, digest.of(id))
    ) {
      // Settled, as its result shows, by a pod that was killed before it could say how.
      const state = await registrar?.orderState(id);
      if (state === undefined) untold += 1;
      if (state !== 'CONFIRMED') continue;
    } else continue;
    for (const { id: item, quantity } of items) taken.set(item, (taken.get(item) ?? 0) + quantity);
  }
  const main = groups.find(({ channel, group }) => channel === where.channel && group === where.group);
  const confirmed = (main?.processed ?? 0) + (testimony.proved['CONFIRMED'] ?? 0);
  const judgement = judgeStock({
    start: startOf(given, sets),
    end,
    taken: known ? taken : undefined,
    added: (item) => (given?.has(item) ? sets.readings(item, books.clocks.mostMs) : [sets.added(item)]),
    unknown: Math.max(0, confirmed - effects) + untold,
  });
  for (const [item, units] of sets.negative)
    judgement.faults.push({
      kind: 'stock-negative',
      detail: `${item}: ${units} left, before it was set anew`,
    });
  return judgement;
}

/**
 * Items that the logs saw come into being began with nothing, if it is not given what they began with.
 * @param {ReadonlyMap<string, number> | undefined} given
 * @param {import('./reconcile/stock-sets.mjs').StockSets} sets
 */
function startOf(given, sets) {
  const fromLogs = sets.complete ? [...sets.items].filter((item) => sets.sawBeginning(item)) : [];
  if (!given && fromLogs.length === 0) return undefined;
  return new Map([...fromLogs.map((item) => /** @type {const} */ ([item, 0])), ...(given ?? [])]);
}

/**
 * @param {string | undefined} accepted
 * @param {readonly (HttpOracle | RedisOracle)[]} oracles
 * @returns {AsyncGenerator<{ id: string, items: readonly { id: string, quantity: number }[] }, void>} each id once
 */
async function* ordersWithItems(accepted, oracles) {
  const digest = new IdDigest();
  const seen = new CompactTable();
  const isFirst = (/** @type {string} */ id) => {
    if (seen.has(digest.of(id))) return false;
    seen.set(digest, { at: 0, token: undefined, print: 0, pod: 0, kind: 1 });
    return true;
  };
  if (accepted !== undefined) {
    for await (const order of readAcceptedList(accepted)) {
      if (order?.items && isFirst(order.id)) yield { id: order.id, items: order.items };
    }
  }
  for (const oracle of oracles) {
    if (!(oracle instanceof RedisOracle)) continue;
    for await (const { id, items } of oracle.orders()) if (items && isFirst(id)) yield { id, items };
  }
}

/**
 * @param {string | undefined} path
 * @param {string} option
 */
function readStock(path, option) {
  if (path === undefined) return undefined;
  let stock;
  try {
    stock = stockOf(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new UsageError([`${option} ${path}: ${error instanceof Error ? error.message : String(error)}`]);
  }
  if (!stock)
    throw new UsageError([`${option} ${path}: neither { "<item>": units } nor [{ id, available }]`]);
  return stock;
}
