// @ts-check

/**
 * Short enough for a table: three digits that count.
 * @param {number} value
 */
export function short(value) {
  if (Number.isNaN(value)) return '-';
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(size >= 10 ? 1 : size === 0 ? 0 : 2);
}

/** @param {number} share */
export const percent = (share) =>
  Number.isNaN(share) ? '-' : `${(100 * share).toFixed(share > 0 && share < 0.1 ? 2 : 1)}%`;

/**
 * The median, and the span of all runs behind it.
 * @param {import('../figures/statistics.mjs').Spread} spread
 */
export const spreadText = ({ median, least, most, runs }) =>
  runs > 1 ? `${short(median)} (${short(least)} to ${short(most)})` : short(median);

/**
 * @param {import('../figures/targets.mjs').Target} target
 */
export function boundText({ bound, target, unit }) {
  const suffix = unit === 'x' ? 'x' : unit === 'ms' ? ' ms' : '';
  return bound === 'least' ? `>= ${target}${suffix}` : target === 0 ? '0' : `<= ${target}${suffix}`;
}
