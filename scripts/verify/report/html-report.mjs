// @ts-check
import { KINDS, KIND_NAMES } from '../reconcile/kinds.mjs';
import { bars, histogram, overTime, timeLine } from './charts.mjs';
import { escaped } from './escape.mjs';
import { page, plot, rows, section } from './page.mjs';

const VIOLATIONS_SHOWN = 200;

/** What is drawn over time: accepted first, so that what follows from it lies above. */
const SERIES = [
  { name: 'accepted', label: 'accepted', colour: 'var(--blue)' },
  { name: 'message.processed', label: 'effects', colour: 'var(--good)' },
  { name: 'message.rejected', label: 'rejected', colour: 'var(--warn)' },
  { name: 'message.dead', label: 'dead', colour: 'var(--bad)' },
];
const FAULT = { label: 'fault', colour: 'var(--fault)' };
const TAKEOVER = { label: 'takeover', colour: 'var(--violet)' };

/**
 * One file that needs nothing else: text, tables and plots as inline SVG, no script.
 * @param {import('./certificate.mjs').Certificate} certificate
 * @param {import('../verify.mjs').Verdict} verdict
 * @returns {string}
 */
export function htmlReport(certificate, { books }) {
  const { verdict, tool, writtenAt, groups, pods, waits, violations, notJudged, sources } = certificate;
  const { faults } = books.rules.faults;
  const { series } = books;
  const range = { from: finite(books.firstAt, 0), to: finite(books.lastAt, 1) };
  const isProved = verdict === 'proved';
  const marks = [
    { label: 'p50', ms: waits.p50Ms },
    { label: 'p90', ms: waits.p90Ms },
    { label: 'p99', ms: waits.p99Ms },
    { label: 'p99.9', ms: waits.p999Ms },
  ];
  const title = isProved ? 'Proved' : 'Not proved';
  const ofPods = (/** @type {'wins' | 'losses'} */ what) =>
    pods.filter((pod) => pod[what] > 0).map((pod) => ({ label: pod.name, value: pod[what] }));
  const drawnFaults = faults.length > 0 ? [FAULT] : [];
  const sections = [
    `<h1 class="${isProved ? 'good' : 'bad'}">${title}: each accepted message took effect once per group</h1>`,
    `<p class="quiet">${escaped(tool.name)} ${escaped(tool.version)}, ${escaped(writtenAt)}. Logs from ${escaped(certificate.range.from ?? '?')} to ${escaped(certificate.range.to ?? '?')}.</p>`,
    ...notJudged.map((what) => `<p><b>Not judged:</b> ${escaped(what)}</p>`),
    section('Groups', rows(groups)),
    ...(violations.total > 0 ? [violationSection(violations)] : []),
    plot(
      `Over time, per ${series.widthMs} ms`,
      overTime({ columns: series.columns(), widthMs: series.widthMs, names: SERIES, range, faults }),
      [...SERIES, ...drawnFaults],
    ),
    plot('From acceptance to effect', histogram(books.waits.columns(), marks)),
    plot('Wins per replica', bars(ofPods('wins'), 'var(--good)')),
    plot('Race losers: heard of it, and another pod had it', bars(ofPods('losses'), 'var(--plain)')),
    books.takeovers.length + faults.length > 0
      ? plot('Takeovers and faults', timeLine(books.takeovers, range, faults), [TAKEOVER, ...drawnFaults])
      : section('Takeovers and faults', '<p class="quiet">None.</p>'),
    section('Pods', rows(pods)),
    ...(certificate.stock
      ? [section('Stock', rows([{ ...certificate.stock, wrong: certificate.stock.wrong.length }]))]
      : []),
    section('Sources', rows(sources)),
  ];
  return page(`${title}: Onlyonce certificate`, sections);
}

/** @param {import('./certificate.mjs').Certificate['violations']} violations */
function violationSection({ counts, told }) {
  const summary = KIND_NAMES.filter((kind) => counts[kind]).map((kind) => ({
    violation: kind,
    count: counts[kind] ?? 0,
    meaning: KINDS[kind],
  }));
  const each = told
    .slice(0, VIOLATIONS_SHOWN)
    .map(
      ({ kind, id, group, detail, lines }) =>
        `<details><summary><b class="bad">${escaped(kind)}</b> <code>${escaped(id ?? '')}</code> ${escaped(group ?? '')}: ${escaped(detail)}</summary><pre>${escaped(lines.join('\n') || 'No line of the logs shows it.')}</pre></details>`,
    );
  const more =
    told.length > each.length ? `<p>${told.length - each.length} more in certificate.json.</p>` : '';
  return section('Violations', `${rows(summary)}${each.join('')}${more}`);
}

/**
 * @param {number} value
 * @param {number} otherwise
 */
const finite = (value, otherwise) => (Number.isFinite(value) ? value : otherwise);
