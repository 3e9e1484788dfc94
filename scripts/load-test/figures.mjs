// @ts-check
import { ENDING, FATE } from './ledger.mjs';

const SHARES = /** @type {const} */ ({ p50: 0.5, p90: 0.9, p99: 0.99, p999: 0.999 });
const MOST_WINDOWS = 120;
const WIDTHS_MS = [100, 250, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, 1_800_000];

/**
 * @typedef {{ count: number, p50: number, p90: number, p99: number, p999: number, longest: number }} Percentiles
 *   milliseconds, exact; zeros where there are none
 */

/**
 * @param {Iterable<number>} values NaN is left out
 * @returns {Percentiles}
 */
export function percentiles(values) {
  const sorted = Float64Array.from([...values].filter((value) => !Number.isNaN(value))).sort();
  const at = (/** @type {number} */ share) =>
    rounded(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0);
  const [p50, p90, p99, p999] = [at(SHARES.p50), at(SHARES.p90), at(SHARES.p99), at(SHARES.p999)];
  return { count: sorted.length, p50, p90, p99, p999, longest: at(1) };
}

/**
 * From the moment a request was to leave: to its answer, to its effect.
 * @param {import('./ledger.mjs').Ledger} ledger
 */
export function latencies(ledger) {
  const { intendedAt, answeredAt, effectAt, fate } = ledger;
  return {
    toAnswer: answeredAt.map((at, number) =>
      fate[number] === FATE.accepted ? at - (intendedAt[number] ?? 0) : Number.NaN,
    ),
    toEffect: effectAt.map((at, number) => at - (intendedAt[number] ?? 0)),
  };
}

/**
 * Everything that is told at the end, without the certificate.
 * @param {import('./ledger.mjs').Ledger} ledger
 */
export function figuresOf(ledger) {
  const { toAnswer, toEffect } = latencies(ledger);
  const since = ledger.firstIntendedAt;
  return {
    orders: ledger.count,
    accepted: ledger.accepted,
    refused: ledger.countOf(FATE.refused),
    unknown: ledger.countOf(FATE.unknown),
    settled: ledger.settled,
    processed: ledger.endedAs(ENDING.processed),
    rejected: ledger.endedAs(ENDING.rejected),
    dead: ledger.endedAs(ENDING.dead),
    acceptedPerSecond: perSecond(ledger.accepted, ledger.lastAnswerAt - since),
    settledPerSecond: perSecond(ledger.settled, ledger.lastEffectAt - since),
    repeats: { answered: ledger.repeatsAnswered, calledDuplicate: ledger.calledDuplicate },
    acceptedTwice: ledger.newAnswers.reduce((sum, count) => sum + (count > 1 ? 1 : 0), 0),
    latencyMs: {
      postToAnswer: percentiles(toAnswer),
      postToEffect: percentiles(toEffect),
      repeatToAnswer: percentiles(ledger.repeatMs),
      /** What of it is due to this side: no free connection, or this process was late itself. */
      waitedToBeSent: percentiles(ledger.sentLateMs),
    },
    tries: ledger.tries,
    errors: Object.fromEntries([...ledger.errors].sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}

/** @typedef {ReturnType<typeof figuresOf>} Figures */

/**
 * @typedef {{ at: number, accepted: number, settled: number, answer: Percentiles, effect: Percentiles }} Window
 *   at: since the first order, milliseconds; latencies are those of orders that were to leave within it
 */

/**
 * What happened, window by window, so that one sees where it turned.
 * @param {import('./ledger.mjs').Ledger} ledger
 * @returns {{ widthMs: number, windows: Window[] }}
 */
export function overTime(ledger) {
  const since = ledger.firstIntendedAt;
  const until = Math.max(ledger.lastAnswerAt, ledger.lastEffectAt);
  const span = Math.max(1, until - since);
  const widthMs = WIDTHS_MS.find((width) => span / width <= MOST_WINDOWS) ?? span / MOST_WINDOWS;
  const count = Number.isFinite(span) ? Math.floor(span / widthMs) + 1 : 0;
  const raw = Array.from({ length: count }, () => ({ accepted: 0, settled: 0, answer: [], effect: [] }));
  const at = (/** @type {number} */ moment) => raw[Math.floor((moment - since) / widthMs)];
  const { toAnswer, toEffect } = latencies(ledger);
  for (let number = 0; number < ledger.count; number += 1) {
    const answered = at(ledger.answeredAt[number] ?? Number.NaN);
    if (answered && ledger.fate[number] === FATE.accepted) answered.accepted += 1;
    const settled = at(ledger.effectAt[number] ?? Number.NaN);
    if (settled) settled.settled += 1;
    const sent = /** @type {{ answer: number[], effect: number[] } | undefined} */ (
      at(ledger.intendedAt[number] ?? Number.NaN)
    );
    sent?.answer.push(toAnswer[number] ?? Number.NaN);
    sent?.effect.push(toEffect[number] ?? Number.NaN);
  }
  const windows = raw.map(({ accepted, settled, answer, effect }, index) => ({
    at: index * widthMs,
    accepted,
    settled,
    answer: percentiles(answer),
    effect: percentiles(effect),
  }));
  return { widthMs, windows };
}

/**
 * @param {number} count
 * @param {number} ms
 */
const perSecond = (count, ms) => (ms > 0 && Number.isFinite(ms) ? rounded((count * 1_000) / ms) : 0);

/** @param {number} value */
const rounded = (value) => Math.round(value * 10) / 10;
