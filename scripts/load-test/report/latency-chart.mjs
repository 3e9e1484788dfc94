// @ts-check
import { escaped } from '../../verify/report/escape.mjs';

const WIDTH = 960;
const HEIGHT = 220;
const LEFT = 64;
const RIGHT = 20;
const TOP = 10;
const BOTTOM = 28;
const INNER = WIDTH - LEFT - RIGHT;

/**
 * Lines over the time since the first order. Latency spans decades: it is drawn on a scale of powers of ten.
 * @param {{
 *   widthMs: number, points: readonly { at: number, values: Readonly<Record<string, number>> }[],
 *   names: readonly { name: string, label: string, colour: string }[], logarithmic: boolean, unit: (value: number) => string,
 * }} data
 */
export function linesOverTime({ widthMs, points, names, logarithmic, unit }) {
  const all = points
    .flatMap(({ values }) => names.map(({ name }) => values[name] ?? 0))
    .filter((value) => value > 0);
  const most = Math.max(1, ...all);
  const least = logarithmic ? Math.min(most / 10, ...all) : 0;
  const scale = logarithmic ? Math.log10 : (/** @type {number} */ value) => value;
  const [low, high] = logarithmic ? [Math.floor(scale(least)), Math.ceil(scale(most))] : [0, most];
  const y = (/** @type {number} */ value) =>
    TOP + (HEIGHT - TOP - BOTTOM) * (1 - (scale(value) - low) / Math.max(1e-9, high - low));
  const span = Math.max(widthMs, points.length * widthMs);
  const x = (/** @type {number} */ at) => LEFT + ((at + widthMs / 2) / span) * INNER;
  const marks = logarithmic
    ? Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index))
    : [0, most / 2, most];
  const grid = marks.map(
    (value) =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}" class="grid"/><text x="${LEFT - 6}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end" class="axis">${unit(value)}</text>`,
  );
  const times = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const anchor = share === 0 ? 'start' : share === 1 ? 'end' : 'middle';
    return `<text x="${LEFT + share * INNER}" y="${HEIGHT - 8}" text-anchor="${anchor}" class="axis">${((share * span) / 1_000).toFixed(span < 20_000 ? 1 : 0)} s</text>`;
  });
  const drawn = names.map(({ name, label, colour }) => {
    const shown = points.filter(({ values }) => !logarithmic || (values[name] ?? 0) > 0);
    const line = shown
      .map(({ at, values }) => `${x(at).toFixed(1)},${y(values[name] ?? 0).toFixed(1)}`)
      .join(' ');
    const dots = shown.map(
      ({ at, values }) =>
        `<circle cx="${x(at).toFixed(1)}" cy="${y(values[name] ?? 0).toFixed(1)}" r="2" fill="${colour}"><title>${escaped(label)}: ${unit(values[name] ?? 0)} at ${(at / 1_000).toFixed(1)} s</title></circle>`,
    );
    return `<polyline points="${line}" fill="none" stroke="${colour}" stroke-width="1.5"/>${dots.join('')}`;
  });
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">${[...grid, ...drawn, ...times].join('')}</svg>`;
}
