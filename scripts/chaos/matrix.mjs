// @ts-check
/**
 * The fault matrix: thirty rows, each with how often it is done in the default run (about 3 minutes), in CI (a minute,
 * only what is cheap), and in the long campaign (the least number that a release asks for).
 * `by` says what makes it happen: a moment of the plan, a message that carries it, the load itself, or a phase of its own.
 * @typedef {{
 *   row: number, name: string, counts: { ci: number, usual: number, long: number },
 *   phases: readonly string[], by: 'moment' | 'message' | 'load' | 'phase', seconds: number,
 * }} Row seconds: how long one takes, when others go on beside it
 */

/**
 * @param {number} row
 * @param {string} name
 * @param {readonly [number, number, number]} counts
 * @param {readonly string[]} phases
 * @param {Row['by']} [by]
 * @param {number} [seconds]
 * @returns {Row}
 */
const line = (row, name, [ci, usual, long], phases, by = 'moment', seconds = 0.5) => ({
  row,
  name,
  counts: { ci, usual, long },
  phases,
  by,
  seconds,
});

/** @type {readonly Row[]} */
export const MATRIX = [
  line(1, 'pod crash anywhere', [3, 10, 300], ['pods', 'services'], 'moment', 0.7),
  line(2, 'pause beyond lease', [3, 10, 300], ['pods', 'services'], 'moment', 0.7),
  line(3, 'event loop blocked', [2, 4, 100], ['pods'], 'message'),
  line(4, 'slow handler', [2, 6, 100], ['pods'], 'message'),
  line(5, 'handler throws, sometimes or always', [22, 63, 1_050], ['pods'], 'message'),
  line(6, 'process killer', [0, 1, 20], ['pods'], 'message', 5),
  line(7, 'rolling restart', [1, 5, 50], ['pods', 'services'], 'moment', 1),
  line(8, 'all pods down', [0, 1, 10], ['pods'], 'moment', 4),
  line(9, 'duplicates', [0, 0, 0], ['pods'], 'load'),
  line(10, 'publish reply lost', [1, 4, 50], ['proxy'], 'moment', 0.3),
  line(11, 'commit reply lost', [2, 4, 50], ['proxy'], 'moment', 0.3),
  line(12, 'claim reply lost', [2, 4, 50], ['proxy'], 'moment', 0.3),
  line(13, 'Redis crash', [1, 4, 100], ['pods', 'services'], 'moment', 1.2),
  line(14, 'torn append-only file', [0, 4, 50], ['torn', 'torn-bytes'], 'moment', 1.2),
  line(15, 'power loss', [0, 3, 20], ['power'], 'moment', 1.5),
  line(16, 'Redis slow', [1, 4, 50], ['pods'], 'moment', 1),
  line(17, 'connections killed', [3, 8, 200], ['pods', 'services'], 'moment', 0.2),
  line(18, 'proxy: reset, delay, throttle, half open', [4, 8, 100], ['proxy'], 'moment', 0.8),
  line(19, 'partition of one pod', [1, 2, 20], ['proxy'], 'moment', 2.5),
  line(
    20,
    'fail-over, lagging replica',
    [0, 5, 20],
    ['failover', 'failover-wait', 'sentinel'],
    'moment',
    2.5,
  ),
  line(21, 'split brain', [0, 1, 10], ['split'], 'moment', 7),
  line(22, 'clock step', [0, 6, 50], ['clock'], 'moment', 1.2),
  line(23, 'scripts forgotten', [2, 6, 100], ['pods'], 'moment', 0.2),
  line(24, 'memory full', [1, 2, 20], ['pods', 'services'], 'moment', 1),
  line(25, 'disk full', [0, 2, 10], ['disk-always', 'disk-everysec'], 'moment', 4),
  line(26, 'slow subscriber', [0, 1, 10], ['pods'], 'moment', 2.5),
  line(27, 'wiped Redis', [0, 2, 10], ['wiped'], 'phase', 5),
  line(28, 'ACL slip', [1, 1, 1], ['rights'], 'phase'),
  line(29, 'bad data', [30, 120, 1_000], ['pods'], 'moment', 0.01),
  line(30, 'mixed versions', [0, 2, 6], ['versions'], 'moment', 4),
];

/** In the order in which they run. */
export const PHASES = /** @type {const} */ ([
  'pods',
  'proxy',
  'services',
  'torn',
  'torn-bytes',
  'power',
  'failover',
  'failover-wait',
  'sentinel',
  'split',
  'clock',
  'disk-always',
  'disk-everysec',
  'wiped',
  'rights',
  'versions',
]);

/** @typedef {typeof PHASES[number]} PhaseName */

/** @param {number} row */
export function rowOf(row) {
  const found = MATRIX.find((each) => each.row === row);
  if (found === undefined) throw new Error(`there is no row ${row}`);
  return found;
}
