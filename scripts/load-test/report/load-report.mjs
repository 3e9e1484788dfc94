// @ts-check
import { Waits } from '../../verify/reconcile/waits.mjs';
import { histogram } from '../../verify/report/charts.mjs';
import { escaped } from '../../verify/report/escape.mjs';
import { page, plot, rows, section } from '../../verify/report/page.mjs';
import { latencies } from '../figures.mjs';
import { linesOverTime } from './latency-chart.mjs';

const RATES = [
  { name: 'accepted', label: 'accepted', colour: 'var(--blue)' },
  { name: 'settled', label: 'settled', colour: 'var(--good)' },
];
const SHARES = [
  { name: 'p50', label: 'p50', colour: 'var(--good)' },
  { name: 'p90', label: 'p90', colour: 'var(--blue)' },
  { name: 'p99', label: 'p99', colour: 'var(--warn)' },
  { name: 'p999', label: 'p99.9', colour: 'var(--bad)' },
];

/**
 * One file with text, tables and plots as inline SVG.
 * @param {import('../summary.mjs').Summary} summary
 * @param {import('../ledger.mjs').Ledger} ledger
 */
export function loadReport({ startedAt, system, settings, figures, windows, certificate, faults }, ledger) {
  const { latencyMs } = figures;
  const { toAnswer, toEffect } = latencies(ledger);
  const proved = faults.length === 0;
  const loop = settings.rate === undefined ? 'closed loop' : `open loop, ${settings.rate} orders/s`;
  const overTime = (/** @type {'answer' | 'effect'} */ what) =>
    linesOverTime({
      widthMs: windows.widthMs,
      points: windows.windows
        .filter((window) => window[what].count > 0)
        .map((window) => ({ at: window.at, values: { ...window[what] } })),
      names: SHARES,
      logarithmic: true,
      unit: shownMs,
    });
  const sections = [
    `<h1 class="${proved ? 'good' : 'bad'}">${proved ? 'Proved' : 'Not proved'}: ${figures.accepted.toLocaleString('en')} orders accepted, ${figures.settled.toLocaleString('en')} settled</h1>`,
    `<p>${escaped(system)}; ${escaped(loop)} over at most ${settings.connections} connections; started ${escaped(startedAt)}.</p>`,
    ...faults.map((fault) => `<p class="bad">${escaped(fault)}</p>`),
    section(
      'Throughput',
      rows([
        { what: 'accepted', orders: figures.accepted, perSecond: figures.acceptedPerSecond },
        { what: 'settled', orders: figures.settled, perSecond: figures.settledPerSecond },
      ]),
    ),
    section(
      'Latency, milliseconds from the moment a request was to leave',
      rows(
        Object.entries({
          'POST to answer': latencyMs.postToAnswer,
          'POST to effect': latencyMs.postToEffect,
          'of it, waited to be sent': latencyMs.waitedToBeSent,
          'repeat to answer': latencyMs.repeatToAnswer,
        }).map(([what, { count, p50, p90, p99, p999, longest }]) => ({
          ...{ from: what, count, p50, p90, p99, 'p99.9': p999, longest },
        })),
      ),
    ),
    section('Errors', rows(Object.entries(figures.errors).map(([error, tries]) => ({ error, tries })))),
    plot(
      `Throughput over time, per second`,
      linesOverTime({
        widthMs: windows.widthMs,
        points: windows.windows.map(({ at, accepted, settled }) => ({
          at,
          values: { accepted: perSecond(accepted), settled: perSecond(settled) },
        })),
        names: RATES,
        logarithmic: false,
        unit: (value) => Math.round(value).toLocaleString('en'),
      }),
      RATES,
    ),
    plot('POST to effect over time, by when a request was to leave', overTime('effect'), SHARES),
    plot('POST to answer over time, by when a request was to leave', overTime('answer'), SHARES),
    plot('POST to effect', drawn(toEffect, latencyMs.postToEffect)),
    plot('POST to answer', drawn(toAnswer, latencyMs.postToAnswer)),
    section(
      'Certificate',
      certificate === null
        ? '<p class="bad">None: the verifier had no logs.</p>'
        : `<p>${escaped(certificate.verdict)}; <a href="report.html">report.html</a> beside this file shows it.</p>${rows(certificate.groups)}`,
    ),
    section(
      'Settings',
      rows(
        Object.entries(settings)
          .filter(([, value]) => value !== undefined)
          .map(([setting, value]) => ({ setting, value: String(value) })),
      ),
    ),
  ];
  return page(`${proved ? 'Proved' : 'Not proved'}: Onlyonce load test`, sections);

  /** @param {number} count within a window */
  function perSecond(count) {
    return (count * 1_000) / windows.widthMs;
  }
}

/**
 * @param {Float64Array} values
 * @param {import('../figures.mjs').Percentiles} percentiles
 */
function drawn(values, { p50, p90, p99, p999 }) {
  const waits = new Waits();
  for (const value of values) if (!Number.isNaN(value)) waits.add(value);
  return histogram(waits.columns(), [
    { label: 'p50', ms: p50 },
    { label: 'p90', ms: p90 },
    { label: 'p99', ms: p99 },
    { label: 'p99.9', ms: p999 },
  ]);
}

/** @param {number} ms */
const shownMs = (ms) =>
  ms < 1_000 ? `${Number(ms.toPrecision(3))} ms` : `${Number((ms / 1_000).toPrecision(3))} s`;
