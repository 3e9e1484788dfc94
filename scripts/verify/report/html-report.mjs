// @ts-check
import { KINDS, KIND_NAMES } from '../reconcile/kinds.mjs';
import { bars, histogram, overTime, timeLine } from './charts.mjs';
import { escaped } from './escape.mjs';

const VIOLATIONS_SHOWN = 200;

const STYLE = `
:root{color-scheme:light dark}
body{font:14px/1.45 system-ui,sans-serif;max-width:1000px;margin:2em auto;padding:0 1em}
h1{font-size:1.4em}h2{font-size:1.1em;margin-top:2em}
.proved{color:#15803d}.failed{color:#c81e1e}
table{border-collapse:collapse}td,th{padding:.2em .8em;border-bottom:1px solid #8884;text-align:right}
td:first-child,th:first-child,.text{text-align:left}
pre{white-space:pre-wrap;word-break:break-all;font-size:11px;background:#8881;padding:.6em}
svg{width:100%;height:auto}svg text{font:11px system-ui,sans-serif;fill:currentColor}
.fault{fill:#e0533d;opacity:.18}.takeover{fill:#7c3aed;opacity:.7}.row{stroke:#8884}.mark{stroke:#c81e1e;stroke-dasharray:3 3}
.name{opacity:.7}`;

/**
 * One file that needs nothing else: text, tables and plots as inline SVG, no script.
 * @param {import('./certificate.mjs').Certificate} certificate
 * @param {import('../verify.mjs').Verdict} verdict
 * @returns {string}
 */
export function htmlReport(certificate, { books }) {
  const { verdict, tool, writtenAt, groups, pods, waits, violations, notJudged, sources } = certificate;
  const { faults } = books.rules.faults;
  const columns = books.series.columns();
  const range = {
    from: finite(books.firstAt, 0),
    to: finite(books.lastAt, 1),
  };
  const proved = verdict === 'proved';
  const marks = [
    { label: 'p50', ms: waits.p50Ms },
    { label: 'p90', ms: waits.p90Ms },
    { label: 'p99', ms: waits.p99Ms },
    { label: 'p99.9', ms: waits.p999Ms },
  ];
  const named = (/** @type {string} */ name, /** @type {string} */ label, /** @type {string} */ colour) => ({
    name,
    label,
    colour,
  });
  const sections = [
    `<h1 class="${proved ? 'proved' : 'failed'}">${proved ? 'Proved' : 'Not proved'}: each accepted message took effect once per group</h1>`,
    `<p>${escaped(tool.name)} ${escaped(tool.version)}, ${escaped(writtenAt)}. Logs from ${escaped(certificate.range.from)} to ${escaped(certificate.range.to)}.</p>`,
    ...notJudged.map((what) => `<p><b>Not judged:</b> ${escaped(what)}</p>`),
    section('Groups', rows(groups)),
    ...(violations.total > 0 ? [violationSection(violations)] : []),
    section(
      `Over time, per ${books.series.widthMs} ms`,
      `<p><span style="color:#888">accepted</span>, <span style="color:#15803d">effects</span>, <span style="color:#b45309">rejected</span>, <span style="color:#c81e1e">dead</span>; faults are shaded</p>` +
        overTime({
          columns,
          widthMs: books.series.widthMs,
          names: [
            named('accepted', 'accepted', '#888888'),
            named('message.processed', 'effects', '#15803d'),
            named('message.rejected', 'rejected', '#b45309'),
            named('message.dead', 'dead', '#c81e1e'),
          ],
          range,
          faults,
        }),
    ),
    section('From acceptance to effect', histogram(books.waits.columns(), marks)),
    section(
      'Wins per replica',
      bars(
        pods.filter(({ wins }) => wins > 0).map(({ name, wins }) => ({ label: name, value: wins })),
        '#15803d',
      ),
    ),
    section(
      'Race losers: heard of it, and another pod had it',
      bars(
        pods.filter(({ losses }) => losses > 0).map(({ name, losses }) => ({ label: name, value: losses })),
        '#888888',
      ),
    ),
    section('Takeovers and faults', timeLine(books.takeovers, range, faults)),
    section('Pods', rows(pods)),
    ...(certificate.stock
      ? [section('Stock', rows([{ ...certificate.stock, wrong: certificate.stock.wrong.length }]))]
      : []),
    section('Sources', rows(sources)),
  ];
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${proved ? 'Proved' : 'Not proved'}: Onlyonce certificate</title><style>${STYLE}</style>\n${sections.join('\n')}\n</html>\n`;
}

/**
 * @param {string} title
 * @param {string} content
 */
const section = (title, content) => `<h2>${escaped(title)}</h2>${content}`;

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
        `<details><summary><b>${escaped(kind)}</b> ${escaped(id ?? '')} ${escaped(group ?? '')}: ${escaped(detail)}</summary><pre>${escaped(lines.join('\n'))}</pre></details>`,
    );
  const more =
    told.length > each.length ? `<p>${told.length - each.length} more in certificate.json.</p>` : '';
  return section('Violations', `${rows(summary)}${each.join('')}${more}`);
}

/** @param {readonly Record<string, unknown>[]} list */
function rows(list) {
  const [first] = list;
  if (!first) return '<p>None.</p>';
  const names = Object.keys(first);
  const cell = (/** @type {unknown} */ value) =>
    `<td${typeof value === 'string' ? ' class="text"' : ''}>${escaped(typeof value === 'number' ? value.toLocaleString('en') : (value ?? ''))}</td>`;
  const body = list.map((row) => `<tr>${names.map((name) => cell(row[name])).join('')}</tr>`);
  return `<table><tr>${names.map((name) => `<th>${escaped(name)}</th>`).join('')}</tr>${body.join('')}</table>`;
}

/**
 * @param {number} value
 * @param {number} otherwise
 */
const finite = (value, otherwise) => (Number.isFinite(value) ? value : otherwise);
