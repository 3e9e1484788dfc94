// @ts-check
import { statSync } from 'node:fs';
import { MomentReader } from './lines/moment.mjs';
import { splitLines } from './lines/split-lines.mjs';
import { askAboutOpen, compareWithStore, noTestimony } from './oracle/ask-store.mjs';
import { HttpOracle } from './oracle/http-oracle.mjs';
import { RedisOracle } from './oracle/redis-oracle.mjs';
import { UsageError } from './arguments.mjs';
import { closeBooks, groupsWithoutLogs } from './reconcile/close-books.mjs';
import { gatherEvidence } from './reconcile/evidence.mjs';
import { FaultList, faultOf } from './reconcile/fault-list.mjs';
import { IdDigest } from './reconcile/id-digest.mjs';
import { Nameless } from './reconcile/name-findings.mjs';
import { judgeInput } from './reconcile/judge-input.mjs';
import { judgeStocks } from './judge-stocks.mjs';
import { Reconciler } from './reconcile/reconciler.mjs';
import { endingIn } from './reconcile/ending-in.mjs';
import { readAcceptedList, spelled } from './sources/accepted-list.mjs';
import { fileSource } from './sources/file-source.mjs';
import { mergeSources } from './sources/merge-sources.mjs';
import { CompactTable } from './reconcile/compact-table.mjs';
import { completeHistories } from './reconcile/second-reading.mjs';
import { printOfText } from './reconcile/line-print.mjs';

/**
 * @typedef {import('./arguments.mjs').Options} Options
 * @typedef {{ sources: readonly import('./sources/merge-sources.mjs').Source[],
 *   progress?: (label: string) => { add(bytes: number, lines: number): void, end(): void },
 *   apiKey?: string | undefined }} Means
 *
 * @typedef {{
 *   books: Reconciler, groups: import('./reconcile/close-books.mjs').GroupCounts[],
 *   tallies: { name: string, tally: import('./sources/merge-sources.mjs').Tally }[],
 *   testimony: import('./oracle/ask-store.mjs').Testimony,
 *   stock: import('./reconcile/judge-stock.mjs').StockJudgement | undefined,
 *   notJudged: string[], listed: { orders: number, unreadable: number },
 * }} Verdict
 */

/**
 * Reads everything, judges it, asks the store where it may.
 * @param {Options} options
 * @param {Means} means
 * @returns {Promise<Verdict>}
 * @throws UsageError when a file given cannot be used; Error when a store given does not answer
 */
export async function verify(options, { sources, progress, apiKey }) {
  for (const option of /** @type {const} */ (['accepted', 'faults']))
    mustBeReadable(`--${option}`, options[option]);
  const faults = await readFaults(options.faults);
  const { maxWaitMs, strictLines } = options;
  const books = new Reconciler({ maxWaitMs, strictLines, faults, idsKept: options.ask });
  const listed = await takeList(options, books);
  /** @type {Verdict['tallies']} */
  const tallies = [];
  const bar = progress?.('reading');
  await mergeSources(sources, {
    fact: (fact) => {
      books.take(fact);
    },
    broken: (fields) => {
      books.takeBroken(fields);
    },
    tally: (name, tally) => {
      tallies.push({ name, tally });
    },
    progress: (bytes, lines) => bar?.add(bytes, lines),
  });
  bar?.end();
  judgeInput(books.findings, tallies, listed);
  await completeHistories(books, sources, () => progress?.('reading again what was told otherwise later'));

  const oracles = await connectOracles(options, books, apiKey);
  try {
    const group = mainGroup(options, books);
    const redis = oracles.find((oracle) => oracle instanceof RedisOracle);
    if (redis) await takeRecords(redis, books, options.channel);
    const groups = closeBooks(books, {
      stillRunning: options.stillRunning,
      deadIsViolation: options.deadIsViolation,
      groups: options.groups,
      maxWaitMs,
      orderChannel: options.channel,
      acceptancesGiven: options.accepted !== undefined || oracles.some(({ knowsOrders }) => knowsOrders),
    });
    const told = books.findings.told;
    if (told.length > 0) {
      const again = progress?.('collecting the lines that show it');
      await gatherEvidence(told, sources, (bytes, lines) => again?.add(bytes, lines));
      if (options.accepted !== undefined) await nameListed(options.accepted, books.findings.kept);
      again?.end();
    }
    await nameOpen(books, sources, oracles, progress);
    const testimony = noTestimony();
    const where = { channel: options.channel, group };
    const digest = new IdDigest();
    for (const oracle of oracles) {
      const endingOf = (/** @type {string} */ id) => endingIn(books, where, id);
      await askAboutOpen(books.findings, where, endingOf, oracle, testimony);
      const ids = books.acceptedIds;
      await compareWithStore(
        {
          ids,
          endingOf,
          digestOf: (id) => digest.of(id).text,
          findings: books.findings,
          where,
        },
        oracle,
        testimony,
      );
    }
    const stock = await judgeStocks({ options, oracles, books, testimony, where, groups });
    for (const { kind, detail } of stock?.faults ?? []) {
      books.findings.add({
        kind,
        detail,
        digest: undefined,
        id: undefined,
        channel: undefined,
        group: undefined,
      });
    }
    const undone = groups.reduce((sum, counts) => sum + counts.undone, 0) + books.acceptedAgain;
    if (undone > 0 && !(stock?.items && stock.isWhole)) {
      books.findings.add({
        ...{ kind: 'unproven', digest: undefined, id: undefined, channel: undefined, group: undefined },
        detail: `${undone} messages were told twice around a declared loss of data: only the stock can prove them`,
      });
    }
    const acceptances = [...books.channels.values()].some(({ accepted }) => accepted.size > 0);
    const notJudged = [
      ...books.notJudged,
      ...(acceptances
        ? []
        : ['lost messages: nothing says what was accepted (no order logs, no --accepted)']),
      ...(stock?.items
        ? []
        : ['stock: needs --start-stock, --accepted with items (or --redis-url), and the stock now']),
      ...(stock?.items && stock.strangers.length > 0 ? [`stock ${withoutStart(stock.strangers)}`] : []),
      ...(oracles.length > 0 ? [] : ['the store: not asked (--order-url, --inventory-url, --redis-url)']),
    ];
    return { books, groups, tallies, testimony, stock, notJudged, listed };
  } finally {
    for (const oracle of oracles) await oracle.close();
  }
}

/** @param {readonly string[]} items */
const withoutStart = (items) =>
  `of ${items.length} items whose start nothing tells: ${items.slice(0, 3).join(', ')}${items.length > 3 ? ', ...' : ''}`;

/**
 * @param {string} option
 * @param {string | undefined} path
 */
function mustBeReadable(option, path) {
  if (path !== undefined && !statSync(path, { throwIfNoEntry: false })?.isFile())
    throw new UsageError([`${option} ${path}: no such file`]);
}

/** @param {string | undefined} path */
async function readFaults(path) {
  if (path === undefined) return new FaultList([]);
  const moments = new MomentReader();
  const faults = [];
  for await (const { lines } of splitLines(fileSource(path).open())) {
    for (const line of lines.filter((text) => text.trim() !== '')) {
      const fault = faultOf(line, moments);
      if (!fault) throw new UsageError([`--faults ${path}: not { at, kind, ... }: ${line.slice(0, 100)}`]);
      faults.push(fault);
    }
  }
  return new FaultList(faults);
}

/**
 * @param {Options} options
 * @param {Reconciler} books
 */
async function takeList({ accepted, channel }, books) {
  const listed = { orders: 0, unreadable: 0 };
  if (accepted === undefined) return listed;
  const digest = new IdDigest();
  const contents = new CompactTable();
  for await (const order of readAcceptedList(accepted)) {
    if (!order) {
      listed.unreadable += 1;
      continue;
    }
    const { id, certain, items, refused } = order;
    if (refused) {
      books.takeRefused(id, channel);
      continue;
    }
    books.takeListed(id, channel, certain);
    if (!certain) continue;
    listed.orders += 1;
    if (!items) continue;
    const print = printOfText(spelled(items));
    const known = contents.get(digest.of(id));
    if (!known) contents.set(digest, { at: 0, token: undefined, print, pod: 0, kind: 1 });
    else if (known.print !== print) {
      const detail = 'accepted with other items than before';
      books.findings.add({
        kind: 'accepted-twice',
        digest: digest.text,
        id,
        channel,
        group: undefined,
        detail,
      });
    }
  }
  return listed;
}

/**
 * Names findings of which only the digest is known and that no log line names.
 * @param {string} path
 * @param {readonly import('./reconcile/findings.mjs').Finding[]} findings
 */
async function nameListed(path, findings) {
  const nameless = Map.groupBy(
    findings.filter(({ id }) => id === undefined),
    (finding) => finding.digest,
  );
  if (nameless.size === 0) return;
  const digest = new IdDigest();
  for await (const order of readAcceptedList(path)) {
    if (!order) continue;
    for (const finding of nameless.get(digest.of(order.id).text) ?? []) finding.id = order.id;
  }
}

/**
 * The store is asked by id, about more than is told; and what only a result tells is named by that.
 * @param {Reconciler} books
 * @param {Means['sources']} sources
 * @param {readonly (HttpOracle | RedisOracle)[]} oracles
 * @param {Means['progress']} progress
 */
async function nameOpen({ findings }, sources, oracles, progress) {
  const asked = oracles.some(({ knowsOrders }) => knowsOrders);
  const nameless = new Nameless(
    findings.kept.filter(({ kind, open }) => kind === 'phantom' || (asked && open)),
  );
  if (nameless.isDone) return;
  const bar = progress?.('looking for what to ask the store about');
  await nameless.fromLogs(sources, (bytes, lines) => bar?.add(bytes, lines));
  bar?.end();
  const redis = oracles.find((oracle) => oracle instanceof RedisOracle);
  if (redis && !nameless.isDone) await nameless.fromStore(redis.orders());
}

/**
 * Whatever has a record in the store was accepted: record and acceptance are written in one step.
 * @param {RedisOracle} redis
 * @param {Reconciler} books
 * @param {string} channel
 */
async function takeRecords(redis, books, channel) {
  for await (const { id } of redis.orders()) books.takeImplied(id, channel);
}

/**
 * @param {Options} options
 * @param {Reconciler} books
 * @param {string | undefined} apiKey
 * @returns {Promise<(HttpOracle | RedisOracle)[]>}
 */
async function connectOracles(options, books, apiKey) {
  const { orderUrl, inventoryUrl, redisUrl, namespace, channel } = options;
  const oracles = [];
  if (orderUrl !== undefined || inventoryUrl !== undefined)
    oracles.push(new HttpOracle({ orderUrl, inventoryUrl, apiKey }));
  if (redisUrl !== undefined) {
    const group = mainGroup(options, books) ?? 'inventory';
    oracles.push(await RedisOracle.connect({ url: redisUrl, namespace, channel, group }));
  }
  return oracles;
}

/**
 * The group that moves stock and settles orders.
 * @param {Options} options
 * @param {Reconciler} books
 * @returns {string | undefined}
 */
function mainGroup({ groups, channel }, books) {
  if (groups[0] !== undefined) return groups[0];
  const known = [...(books.channels.get(channel)?.groups.keys() ?? [])];
  const names = known.length > 0 ? known : groupsWithoutLogs(books, channel);
  return names.includes('inventory') ? 'inventory' : names[0];
}
