// @ts-check
import { escaped } from './escape.mjs';
import { timeAxis } from './time-axis.mjs';

const WIDTH = 960;
const LEFT = 60;
const INNER = WIDTH - LEFT - 20;

/** @typedef {{ at: number, counts: Record<string, number> }} Column */
/** @typedef {{ at: number, until: number, kind: string, target: string }} DrawnFault */

/**
 * Columns over time, one colour per name, with faults drawn in behind.
 * @param {{ columns: readonly Column[], widthMs: number, names: readonly { name: string, label: string, colour: string }[],
 *   range: { from: number, to: number }, faults: readonly DrawnFault[] }} data
 */
export function overTime({ columns, widthMs, names, range, faults }) {
  const height = 180;
  const axis = timeAxis(range.from, range.to, LEFT, INNER);
  const most = Math.max(1, ...columns.flatMap(({ counts }) => names.map(({ name }) => counts[name] ?? 0)));
  const y = (/** @type {number} */ count) => 10 + (height - 40) * (1 - count / most);
  const lines = names.map(({ name, label, colour }) => {
    const points = columns
      .map(({ at, counts }) => `${axis.x(at + widthMs / 2).toFixed(1)},${y(counts[name] ?? 0).toFixed(1)}`)
      .join(' ');
    const dots = columns
      .filter(({ counts }) => counts[name])
      .map(
        ({ at, counts }) =>
          `<circle cx="${axis.x(at + widthMs / 2).toFixed(1)}" cy="${y(counts[name] ?? 0).toFixed(1)}" r="2" fill="${colour}"><title>${escaped(label)}: ${counts[name]} in ${widthMs} ms</title></circle>`,
      );
    return `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="1.5"/>${dots.join('')}`;
  });
  return svg(height, [
    faultBands(faults, axis, height - 30),
    `<text x="${LEFT - 6}" y="18" text-anchor="end">${most}</text><text x="${LEFT - 6}" y="${height - 28}" text-anchor="end">0</text>`,
    ...lines,
    axis.draw(height - 8),
  ]);
}

/**
 * @param {readonly DrawnFault[]} faults
 * @param {ReturnType<typeof timeAxis>} axis
 * @param {number} bottom
 */
function faultBands(faults, axis, bottom) {
  return faults
    .map(({ at, until, kind, target }) => {
      const x = axis.x(at);
      const width = Math.max(2, axis.x(until) - x);
      return `<rect x="${x.toFixed(1)}" y="4" width="${width.toFixed(1)}" height="${bottom - 4}" class="fault"><title>${escaped(`${kind} ${target}`)}</title></rect>`;
    })
    .join('');
}

/**
 * Horizontal bars.
 * @param {readonly { label: string, value: number, note?: string }[]} bars
 * @param {string} colour
 */
export function bars(bars, colour) {
  const left = 200;
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const rows = bars.map(({ label, value, note = '' }, index) => {
    const y = 6 + index * 22;
    const width = (WIDTH - left - 220) * (value / most);
    return `<text x="${left - 8}" y="${y + 13}" text-anchor="end">${escaped(label)}</text><rect x="${left}" y="${y}" width="${Math.max(1, width).toFixed(1)}" height="16" fill="${colour}"/><text x="${(left + width + 8).toFixed(1)}" y="${y + 13}">${value.toLocaleString('en')} ${escaped(note)}</text>`;
  });
  return svg(12 + bars.length * 22, rows);
}

/**
 * A histogram with columns of a factor each.
 * @param {readonly { fromMs: number, toMs: number, count: number }[]} columns
 * @param {readonly { label: string, ms: number }[]} marks
 */
export function histogram(columns, marks) {
  const height = 200;
  const first = columns[0];
  if (!first) return '<p>No wait is known: it needs order.accepted lines.</p>';
  const most = Math.max(1, ...columns.map(({ count }) => count));
  const step = INNER / columns.length;
  const shapes = columns.map(({ fromMs, toMs, count }, index) => {
    const tall = (height - 60) * (count / most);
    const x = LEFT + index * step;
    const label =
      index % Math.ceil(columns.length / 14) === 0
        ? `<text x="${x.toFixed(1)}" y="${height - 8}">${short(fromMs)}</text>`
        : '';
    return `<rect x="${x.toFixed(1)}" y="${(height - 25 - tall).toFixed(1)}" width="${Math.max(1, step - 1).toFixed(1)}" height="${tall.toFixed(1)}" fill="#3b7dd8"><title>${short(fromMs)} to ${short(toMs)}: ${count}</title></rect>${label}`;
  });
  const at = (/** @type {number} */ ms) => {
    const index = columns.findIndex(({ toMs }) => ms <= toMs);
    return LEFT + (index < 0 ? columns.length : index + 0.5) * step;
  };
  const drawn = marks.map(({ label, ms }, index) => {
    const x = at(ms).toFixed(1);
    return `<line x1="${x}" x2="${x}" y1="${16 + index * 12}" y2="${height - 25}" class="mark"/><text x="${x}" y="${14 + index * 12}">${escaped(label)} ${short(ms)}</text>`;
  });
  return svg(height, [...shapes, ...drawn]);
}

/**
 * Takeovers as dots, a row per pod that took over, with faults drawn in.
 * @param {readonly { at: number, from: string, to: string }[]} takeovers
 * @param {{ from: number, to: number }} range
 * @param {readonly DrawnFault[]} faults
 */
export function timeLine(takeovers, range, faults) {
  const pods = [...new Set(takeovers.map(({ to }) => to))].sort();
  const height = 60 + pods.length * 22;
  const axis = timeAxis(range.from, range.to, 160, WIDTH - 180);
  const rows = pods.map(
    (pod, index) =>
      `<text x="150" y="${24 + index * 22}" text-anchor="end">${escaped(pod)}</text><line x1="160" x2="${WIDTH - 20}" y1="${20 + index * 22}" y2="${20 + index * 22}" class="row"/>`,
  );
  const dots = takeovers.map(
    ({ at, from, to }) =>
      `<circle cx="${axis.x(at).toFixed(1)}" cy="${20 + pods.indexOf(to) * 22}" r="4" class="takeover"><title>${escaped(`${to} took over from ${from}`)}</title></circle>`,
  );
  const names = faults
    .slice(0, 40)
    .map(
      ({ at, kind, target }) =>
        `<text x="${axis.x(at).toFixed(1)}" y="${height - 22}" class="name">${escaped(`${kind} ${target}`)}</text>`,
    );
  return svg(height, [
    faultBands(faults, axis, height - 34),
    ...rows,
    ...dots,
    ...names,
    axis.draw(height - 6),
  ]);
}

/**
 * @param {number} height
 * @param {readonly string[]} parts
 */
const svg = (height, parts) => `<svg viewBox="0 0 ${WIDTH} ${height}" role="img">${parts.join('')}</svg>`;

/** @param {number} ms */
const short = (ms) =>
  ms < 10 ? `${ms.toFixed(1)} ms` : ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
