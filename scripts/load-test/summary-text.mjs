// @ts-check
import { styleText } from 'node:util';
import { table } from '../demo/table.mjs';

/** @typedef {import('./summary.mjs').Summary} Summary */

/**
 * What a person reads at the end.
 * @param {Summary} summary
 */
export function summaryText({ settings, system, figures, faults }) {
  const { latencyMs, errors } = figures;
  const row = (
    /** @type {string} */ what,
    /** @type {import('./figures.mjs').Percentiles} */ { count, ...ms },
  ) => [what, count, ...[ms.p50, ms.p90, ms.p99, ms.p999, ms.longest].map(shownMs)];
  const loop =
    settings.rate === undefined
      ? `closed loop, ${settings.connections} connections`
      : `open loop, ${settings.rate} orders/s over at most ${settings.connections} connections`;
  const kinds = Object.entries(errors).map(([kind, count]) => `${count} ${kind}`);
  return [
    '',
    `  ${system}; ${loop}`,
    `  accepted  ${n(figures.accepted)} of ${n(figures.orders)} orders, ${n(figures.acceptedPerSecond)}/s`,
    `  settled   ${n(figures.settled)} (${n(figures.processed)} processed, ${n(figures.rejected)} rejected, ${n(figures.dead)} dead), ${n(figures.settledPerSecond)}/s`,
    `  repeats   ${n(figures.repeats.answered)} sent again, ${n(figures.repeats.calledDuplicate)} answers called a duplicate`,
    `  errors    ${kinds.length === 0 ? 'none' : kinds.join(', ')}${figures.unknown > 0 ? `; the fate of ${n(figures.unknown)} orders is unknown` : ''}${figures.refused > 0 ? `; ${n(figures.refused)} refused` : ''}`,
    '',
    table(
      ['', 'count', 'p50', 'p90', 'p99', 'p99.9', 'longest'],
      [
        row('POST to answer', latencyMs.postToAnswer),
        row('POST to effect', latencyMs.postToEffect),
        row('of it, waited to be sent', latencyMs.waitedToBeSent),
      ],
    ),
    '',
    ...faults.map((fault) => styleText('red', `  ${fault}`)),
  ].join('\n');
}

/** @param {number} value */
const n = (value) => value.toLocaleString('en');

/** @param {number} ms */
const shownMs = (ms) => (ms < 1_000 ? `${ms.toFixed(1)} ms` : `${(ms / 1_000).toFixed(2)} s`);
