// @ts-check

const TICKS = 6;

/**
 * A time line from `from` to `to`, `width` units long.
 * @param {number} from milliseconds
 * @param {number} to
 * @param {number} left
 * @param {number} width
 */
export function timeAxis(from, to, left, width) {
  const span = Math.max(1, to - from);
  return {
    /** @param {number} at */
    x: (at) => left + (Math.min(Math.max(at, from), to) - from) * (width / span),
    /** @param {number} y */
    draw: (y) =>
      Array.from({ length: TICKS }, (_, index) => {
        const at = from + (span * index) / (TICKS - 1);
        const x = left + (width * index) / (TICKS - 1);
        const anchor = index === 0 ? 'start' : index === TICKS - 1 ? 'end' : 'middle';
        return `<text x="${x.toFixed(1)}" y="${y}" text-anchor="${anchor}" class="axis">${new Date(at).toISOString().slice(11, 23)}</text>`;
      }).join(''),
  };
}
