// @ts-check
import { escaped } from './escape.mjs';
import { short } from './numbers.mjs';

const WIDTH = 920;
const HEIGHT = 300;
const LEFT = 64;
const RIGHT = 16;
const TOP = 14;
const BOTTOM = 40;
const INNER_WIDTH = WIDTH - LEFT - RIGHT;
const INNER_HEIGHT = HEIGHT - TOP - BOTTOM;

/** @typedef {import('../figures/statistics.mjs').Spread} Spread */
/** @typedef {{ name: string, label: string }} Series name: its colour's class in the style sheet */

/**
 * Groups of columns with whiskers from the least to the most.
 * @param {{
 *   groups: readonly string[], series: readonly Series[], value: (group: number, series: number) => Spread | undefined,
 *   unit: string, format?: (value: number) => string,
 * }} data
 */
export function columns({ groups, series, value, unit, format = short }) {
  const cells = groups.flatMap((_, group) =>
    series.map((_, one) => ({ group, one, spread: value(group, one) })),
  );
  const scale = linear(
    Math.max(0, ...cells.map(({ spread }) => (spread && spread.runs > 0 ? spread.most : 0))),
  );
  const step = INNER_WIDTH / Math.max(1, groups.length);
  const width = Math.min(42, (step - 18) / Math.max(1, series.length));
  const shapes = cells.map(({ group, one, spread }) => {
    if (spread === undefined || spread.runs === 0) return '';
    const x = LEFT + group * step + (step - width * series.length) / 2 + one * width;
    const y = scale.y(spread.median);
    const middle = x + width / 2;
    const label = `${series[one]?.label}, ${groups[group]}: ${format(spread.median)} ${unit} (${format(spread.least)} to ${format(spread.most)})`;
    return (
      `<g><title>${escaped(label)}</title>` +
      `<rect class="fill ${series[one]?.name}" x="${at(x + 1)}" y="${at(y)}" width="${at(width - 2)}" height="${at(TOP + INNER_HEIGHT - y)}"/>` +
      `<line class="whisker" x1="${at(middle)}" x2="${at(middle)}" y1="${at(scale.y(spread.least))}" y2="${at(scale.y(spread.most))}"/>` +
      `<text class="value" x="${at(middle)}" y="${at(Math.max(TOP + 4, scale.y(spread.most) - 4))}" text-anchor="middle">${escaped(format(spread.median))}</text></g>`
    );
  });
  const names = groups.map(
    (name, group) =>
      `<text x="${at(LEFT + (group + 0.5) * step)}" y="${HEIGHT - 14}" text-anchor="middle">${escaped(name)}</text>`,
  );
  return figure([grid(scale, format, unit), ...shapes, ...names], series);
}

/**
 * Lines through points, on a linear or logarithmic scale upwards; whoever has least and most gets a whisker.
 * @param {{
 *   lines: readonly (Series & { points: readonly { x: number, y: number, least?: number, most?: number }[] })[],
 *   ticks: readonly { x: number, label: string }[], unit: string, logarithmic?: boolean, dots?: boolean,
 * }} data x: from 0 to 1
 */
export function curves({ lines, ticks, unit, logarithmic = false, dots = true }) {
  const values = lines.flatMap(({ points }) =>
    points.flatMap(({ y, least = y, most = y }) => [least, y, most]),
  );
  const scale = logarithmic ? logarithm(values) : linear(Math.max(0, ...values));
  const x = (/** @type {number} */ share) => LEFT + 14 + share * (INNER_WIDTH - 28);
  const drawn = lines.map(({ name, label, points }) => {
    const path = points.map((point) => `${at(x(point.x))},${at(scale.y(point.y))}`).join(' ');
    const marks = points.map(({ x: share, y, least, most }) => {
      const whisker =
        least === undefined || most === undefined
          ? ''
          : `<line class="whisker" x1="${at(x(share))}" x2="${at(x(share))}" y1="${at(scale.y(least))}" y2="${at(scale.y(most))}"/>`;
      const dot = `<circle class="fill ${name}" cx="${at(x(share))}" cy="${at(scale.y(y))}" r="3.5"><title>${escaped(`${label}: ${short(y)} ${unit}`)}</title></circle>`;
      return whisker + (dots ? dot : '');
    });
    return `<polyline class="line ${name}" points="${path}"/>${marks.join('')}`;
  });
  const names = ticks.map(
    (tick) =>
      `<text x="${at(x(tick.x))}" y="${HEIGHT - 14}" text-anchor="middle">${escaped(tick.label)}</text>`,
  );
  return figure([grid(scale, short, unit), ...drawn, ...names], lines);
}

/**
 * @typedef {{ y: (value: number) => number, ticks: number[] }} Scale
 */

/** @param {number} most @returns {Scale} */
function linear(most) {
  const top = most > 0 ? most * 1.08 : 1;
  const rough = top / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough;
  const ticks = Array.from({ length: Math.floor(top / step) + 1 }, (_, index) => index * step);
  return { y: (value) => TOP + INNER_HEIGHT * (1 - value / top), ticks };
}

/** @param {readonly number[]} values @returns {Scale} */
function logarithm(values) {
  const above = values.filter((value) => value > 0);
  const from = Math.floor(Math.log10(Math.min(...above, 1)));
  const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(...above, 1))));
  const ticks = Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index));
  const share = (/** @type {number} */ value) =>
    (Math.log10(Math.max(value, 10 ** from)) - from) / (to - from);
  return { y: (value) => TOP + INNER_HEIGHT * (1 - share(value)), ticks };
}

/**
 * @param {Scale} scale
 * @param {(value: number) => string} format
 * @param {string} unit
 */
const grid = (scale, format, unit) =>
  scale.ticks
    .map(
      (tick) =>
        `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(scale.y(tick))}" y2="${at(scale.y(tick))}"/>` +
        `<text x="${LEFT - 8}" y="${at(scale.y(tick) + 4)}" text-anchor="end">${escaped(format(tick))}</text>`,
    )
    .join('') + `<text class="unit" x="4" y="${HEIGHT - 14}">${escaped(unit)}</text>`;

/**
 * @param {readonly string[]} parts
 * @param {readonly Series[]} series
 */
const figure = (parts, series) =>
  `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">${parts.join('')}</svg>` +
  `<p class="legend">${series.map(({ name, label }) => `<span><i class="${name}"></i>${escaped(label)}</span>`).join('')}</p>`;

/** @param {number} value */
const at = (value) => value.toFixed(1);
