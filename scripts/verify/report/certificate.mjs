// @ts-check
import { KIND_NAMES } from '../reconcile/kinds.mjs';

/** Changes when a field changes its meaning or goes; see certificate.schema.json. */
export const SCHEMA = 'onlyonce-certificate/1';

const PERCENTILES = /** @type {const} */ ({ p50: 0.5, p90: 0.9, p99: 0.99, p999: 0.999 });

/** @typedef {ReturnType<typeof certificateOf>} Certificate */

/**
 * Everything that was found, as data.
 * @param {import('../verify.mjs').Verdict} verdict
 * @param {{ version: string, at: Date, options: import('../arguments.mjs').Options }} about
 */
export function certificateOf(verdict, { version, at, options }) {
  const { books, groups, tallies, testimony, stock, notJudged, listed } = verdict;
  const { findings, waits, pods } = books;
  const sum = (/** @type {(tally: import('../sources/merge-sources.mjs').Tally) => number} */ of) =>
    tallies.reduce((total, { tally }) => total + of(tally), 0);
  return {
    schema: SCHEMA,
    tool: { name: 'onlyonce-verify', version },
    writtenAt: at.toISOString(),
    verdict: findings.total === 0 ? 'proved' : 'not-proved',
    range: { from: iso(books.firstAt), to: iso(books.lastAt) },
    rules: {
      maxWaitMs: options.maxWaitMs,
      stillRunning: options.stillRunning,
      strictLines: options.strictLines,
      deadIsViolation: options.deadIsViolation,
      requiredGroups: options.groups,
    },
    sources: tallies.map(({ name, tally }) => ({ name, ...tally })),
    lines: {
      read: sum(({ lines }) => lines),
      facts: sum(({ facts }) => facts),
      own: sum(({ own }) => own),
      foreign: sum(({ foreign }) => foreign),
      broken: sum(({ broken }) => broken),
      repeated: books.repeated,
      repeatedEffects: books.repeatedEffects,
    },
    listedOrders: listed,
    groups,
    pods: pods.list.map(({ number: _number, lastAt, life, ...pod }) => ({
      ...pod,
      starts: life,
      lastAt: iso(lastAt),
    })),
    waits: {
      count: waits.count,
      ...percentilesOf(waits),
      longestMs: waits.longestMs,
      settledBeforeAccepted: waits.negative,
      clocksDifferByMs: books.clocks.mostMs,
    },
    store: {
      asked: testimony.asked,
      agreed: testimony.agreed,
      effectsProved: testimony.proved,
      acceptancesProved: testimony.acceptances,
    },
    stock: stock && {
      items: stock.items,
      right: stock.right,
      unitsTaken: stock.taken,
      itemsWithoutStart: stock.withoutStart,
      wrong: stock.rows.slice(0, 1_000),
    },
    notJudged,
    violations: {
      total: findings.total,
      counts: Object.fromEntries(KIND_NAMES.map((kind) => [kind, findings.count(kind)])),
      told: findings.told.map(({ kind, id, channel, group, detail, lines }) => ({
        kind,
        id: id ?? null,
        channel: channel ?? null,
        group: group ?? null,
        detail,
        lines,
      })),
    },
  };
}

/**
 * @param {import('../reconcile/waits.mjs').Waits} waits
 * @returns {Record<'p50Ms' | 'p90Ms' | 'p99Ms' | 'p999Ms', number>}
 */
export function percentilesOf(waits) {
  const entries = Object.entries(PERCENTILES).map(([name, share]) => [
    `${name}Ms`,
    Number(waits.percentile(share).toFixed(1)),
  ]);
  return Object.fromEntries(entries);
}

/** @param {number} ms */
const iso = (ms) => (Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString() : null);
