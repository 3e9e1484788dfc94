// @ts-check
import { escaped } from './escape.mjs';
import { timeAxis } from './time-axis.mjs';

const WIDTH = 960;
const LEFT = 60;
const RIGHT = 20;
const INNER = WIDTH - LEFT - RIGHT;
/** Names of pods are longer than there is room for: the end tells them apart. */
const LONGEST_NAME = 30;
const MOST_FAULTS_NAMED = 40;
const CHAR_WIDTH = 6.2;

/** @typedef {{ at: number, counts: Record<string, number> }} Column */
/** @typedef {{ at: number, until: number, kind: string, target: string }} DrawnFault */

/**
 * Counts over time, one colour per name, with faults drawn in behind.
 * @param {{ columns: readonly Column[], widthMs: number, names: readonly { name: string, label: string, colour: string }[],
 *   range: { from: number, to: number }, faults: readonly DrawnFault[] }} data
 */
export function overTime({ columns, widthMs, names, range, faults }) {
  const height = 190;
  const bottom = height - 30;
  const axis = timeAxis(range.from, range.to, LEFT, INNER);
  const most = Math.max(1, ...columns.flatMap(({ counts }) => names.map(({ name }) => counts[name] ?? 0)));
  const y = (/** @type {number} */ count) => 12 + (bottom - 12) * (1 - count / most);
  const grid = [most, most / 2, 0].map(
    (value) =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}" class="grid"/><text x="${LEFT - 6}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end" class="axis">${Number.isInteger(value) ? value.toLocaleString('en') : ''}</text>`,
  );
  // A column in which nothing happened is not stored, and is a zero: without it a line would bridge a standstill.
  const filled = withGaps(columns, widthMs);
  const lines = names
    .filter(({ name }) => columns.some(({ counts }) => counts[name]))
    .map(({ name, label, colour }) => {
      const x = (/** @type {Column} */ { at }) => axis.x(at + widthMs / 2).toFixed(1);
      const points = filled
        .map((column) => `${x(column)},${y(column.counts[name] ?? 0).toFixed(1)}`)
        .join(' ');
      const dots = columns
        .filter(({ counts }) => counts[name])
        .map(
          (column) =>
            `<circle cx="${x(column)}" cy="${y(column.counts[name] ?? 0).toFixed(1)}" r="2" fill="${colour}"><title>${escaped(label)}: ${column.counts[name]} in ${widthMs} ms</title></circle>`,
        );
      return `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="1.5"/>${dots.join('')}`;
    });
  return svg(height, [...grid, faultBands(faults, axis, bottom), ...lines, axis.draw(height - 8)]);
}

/**
 * @param {readonly Column[]} columns by time
 * @param {number} widthMs
 * @returns {Column[]} with an empty one beside each gap
 */
function withGaps(columns, widthMs) {
  /** @type {Column[]} */
  const filled = [];
  for (const column of columns) {
    const before = filled.at(-1);
    if (before && column.at - before.at > widthMs) {
      filled.push({ at: before.at + widthMs, counts: {} });
      if (column.at - before.at > 2 * widthMs) filled.push({ at: column.at - widthMs, counts: {} });
    }
    filled.push(column);
  }
  return filled;
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
 * @param {readonly { label: string, value: number }[]} bars
 * @param {string} colour
 */
export function bars(bars, colour) {
  if (bars.length === 0) return '<p class="quiet">None.</p>';
  const left = 200;
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const rows = bars.map(({ label, value }, index) => {
    const y = 6 + index * 22;
    const width = Math.max(1, (WIDTH - left - 120) * (value / most));
    return `<text x="${left - 8}" y="${y + 13}" text-anchor="end">${escaped(shortName(label))}<title>${escaped(label)}</title></text><rect x="${left}" y="${y}" width="${width.toFixed(1)}" height="16" fill="${colour}"/><text x="${(left + width + 8).toFixed(1)}" y="${y + 13}">${value.toLocaleString('en')}</text>`;
  });
  return svg(12 + bars.length * 22, rows);
}

/**
 * A histogram with columns of a factor each.
 * @param {readonly { fromMs: number, toMs: number, count: number }[]} columns
 * @param {readonly { label: string, ms: number }[]} marks by size
 */
export function histogram(columns, marks) {
  if (columns.length === 0) return '<p class="quiet">No wait is known: it needs order.accepted lines.</p>';
  const height = 230;
  const bottom = height - 25;
  const top = 20 + marks.length * 13;
  const most = Math.max(1, ...columns.map(({ count }) => count));
  const step = INNER / columns.length;
  const labelled = Math.ceil(columns.length / 14);
  const shapes = columns.map(({ fromMs, toMs, count }, index) => {
    const tall = (bottom - top) * (count / most);
    const x = LEFT + index * step;
    const label =
      index % labelled === 0
        ? `<text x="${x.toFixed(1)}" y="${height - 8}" text-anchor="middle" class="axis">${short(fromMs)}</text>`
        : '';
    return `<rect x="${x.toFixed(1)}" y="${(bottom - tall).toFixed(1)}" width="${Math.max(1, step - 1).toFixed(1)}" height="${tall.toFixed(1)}" fill="var(--blue)"><title>${short(fromMs)} to ${short(toMs)}: ${count}</title></rect>${label}`;
  });
  const at = (/** @type {number} */ ms) => {
    const index = columns.findIndex(({ toMs }) => ms <= toMs);
    return LEFT + (index < 0 ? columns.length : index + 0.5) * step;
  };
  const drawn = marks.map(({ label, ms }, index) => {
    const x = at(ms);
    const y = 14 + index * 13;
    // Near the right edge the text stands on the other side of its line.
    const isRight = x > WIDTH - 140;
    return `<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${y + 2}" y2="${bottom}" class="mark"/><text x="${(x + (isRight ? -4 : 4)).toFixed(1)}" y="${y}" text-anchor="${isRight ? 'end' : 'start'}" class="halo">${escaped(label)} ${short(ms)}</text>`;
  });
  const ground = `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${bottom}" y2="${bottom}" class="grid"/><text x="${LEFT - 6}" y="${top + 4}" text-anchor="end" class="axis">${most.toLocaleString('en')}</text>`;
  return svg(height, [ground, ...shapes, ...drawn]);
}

/**
 * Takeovers as dots, a row per pod that took over, with faults drawn in and named below.
 * @param {readonly { at: number, from: string, to: string }[]} takeovers
 * @param {{ from: number, to: number }} range
 * @param {readonly DrawnFault[]} faults
 */
export function timeLine(takeovers, range, faults) {
  const left = 200;
  const pods = [...new Set(takeovers.map(({ to }) => to))].sort();
  const axis = timeAxis(range.from, range.to, left, WIDTH - left - RIGHT);
  const named = inRows(faults.slice(0, MOST_FAULTS_NAMED), axis);
  const rowsBottom = 12 + pods.length * 22;
  const height = rowsBottom + named.rows * 14 + 34;
  const rows = pods.map(
    (pod, index) =>
      `<text x="${left - 8}" y="${24 + index * 22}" text-anchor="end">${escaped(shortName(pod))}<title>${escaped(pod)}</title></text><line x1="${left}" x2="${WIDTH - RIGHT}" y1="${20 + index * 22}" y2="${20 + index * 22}" class="grid"/>`,
  );
  const dots = takeovers.map(
    ({ at, from, to }) =>
      `<circle cx="${axis.x(at).toFixed(1)}" cy="${20 + pods.indexOf(to) * 22}" r="4" class="takeover"><title>${escaped(`${to} took over from ${from}`)}</title></circle>`,
  );
  const names = named.texts.map(
    ({ text, x, row, anchor }) =>
      `<text x="${x.toFixed(1)}" y="${rowsBottom + 14 + row * 14}" text-anchor="${anchor}" class="halo">${escaped(text)}</text>`,
  );
  const bands = faultBands(faults, axis, rowsBottom + 4);
  return svg(height, [...rows, bands, ...dots, ...names, axis.draw(height - 6)]);
}

/**
 * Names of faults, each in the first row where it covers no other.
 * @param {readonly DrawnFault[]} faults
 * @param {ReturnType<typeof timeAxis>} axis
 */
function inRows(faults, axis) {
  /** @type {number[]} */
  const ends = [];
  const texts = faults.map(({ at, kind, target }) => {
    const text = `${kind} ${target}`.trim().slice(0, 60);
    const width = text.length * CHAR_WIDTH + 10;
    const start = axis.x(at);
    const anchor = start + width > WIDTH ? 'end' : 'start';
    const from = anchor === 'end' ? start - width : start;
    let row = ends.findIndex((end) => end <= from);
    if (row < 0) row = ends.length;
    ends[row] = from + width;
    return { text, x: start, row, anchor };
  });
  return { texts, rows: ends.length };
}

/** @param {string} name */
const shortName = (name) => (name.length > LONGEST_NAME ? `…${name.slice(1 - LONGEST_NAME)}` : name);

/**
 * @param {number} height
 * @param {readonly string[]} parts
 */
const svg = (height, parts) => `<svg viewBox="0 0 ${WIDTH} ${height}" role="img">${parts.join('')}</svg>`;

/** @param {number} ms */
const short = (ms) => {
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${Number((ms / 1_000).toFixed(1))} s`;
};
