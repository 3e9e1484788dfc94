// @ts-check

/**
 * The value in the middle; the mean of the two middle ones of an even number.
 * @param {readonly number[]} values
 * @returns {number} NaN of nothing
 */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/**
 * @typedef {{ median: number, least: number, most: number, runs: number }} Spread
 */

/**
 * @param {readonly number[]} values
 * @returns {Spread}
 */
export const spread = (values) => ({
  median: median(values),
  least: values.length === 0 ? Number.NaN : Math.min(...values),
  most: values.length === 0 ? Number.NaN : Math.max(...values),
  runs: values.length,
});

/**
 * Ratios within the same round, so that a machine that slows down slows both sides of a pair.
 * Rounds in which one side is missing, or the divisor is not above 0, are left out.
 * @param {ReadonlyMap<number, number>} ours value by round
 * @param {ReadonlyMap<number, number>} theirs
 * @returns {Spread}
 */
export function pairedRatio(ours, theirs) {
  const ratios = [];
  for (const [round, value] of ours) {
    const other = theirs.get(round);
    if (other !== undefined && other > 0) ratios.push(value / other);
  }
  return spread(ratios);
}

/**
 * Nearest rank: the least value that at least `share` of all values do not exceed.
 * @param {readonly number[]} values
 * @param {number} share from 0 to 1
 * @returns {number} NaN of nothing
 */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/**
 * Who runs when: everybody once per round; each order is followed by its mirror image, so that a machine that gets
 * slower or faster by the minute favours nobody, and then somebody else begins.
 * @template T
 * @param {readonly T[]} all
 * @param {number} round from 0
 * @returns {T[]}
 */
export function orderOfRound(all, round) {
  if (all.length === 0) return [];
  const from = Math.floor(round / 2) % all.length;
  const rotated = [...all.slice(from), ...all.slice(0, from)];
  return round % 2 === 0 ? rotated : rotated.reverse();
}
