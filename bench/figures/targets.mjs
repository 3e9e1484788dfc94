// @ts-check
import { inOrder } from './ledger.mjs';
import { byRound, trialsOf } from './results.mjs';
import { pairedRatio, spread } from './statistics.mjs';
import { OURS } from '../peers/names.mjs';

/** @typedef {import('./results.mjs').Results} Results */
/** @typedef {import('./results.mjs').AnyTrial} AnyTrial */
/** @typedef {import('./statistics.mjs').Spread} Spread */
/** @typedef {import('../peers/names.mjs').PeerName} PeerName */

/**
 * @typedef {{
 *   figure: string, bound: 'least' | 'most', target: number, unit: 'x' | 'ms' | 'messages', value: Spread,
 *   verdict: 'reached' | 'missed' | 'not measured',
 * }} Target least: the median must be at least the target
 */

const throughput = (/** @type {AnyTrial} */ { perSecond }) => perSecond;
const redisCpu = (/** @type {AnyTrial} */ { redisCpuUs }) => redisCpuUs;
const p50 = (/** @type {AnyTrial} */ { latencyMs }) => latencyMs.p50;
const p99 = (/** @type {AnyTrial} */ { latencyMs }) => latencyMs.p99;

/**
 * What the issue asks for, and what was found. Ratios are taken within a round; the median decides.
 * @param {Results} results
 * @returns {Target[]}
 */
export function targetsOf(results) {
  const against = (
    /** @type {PeerName} */ ours,
    /** @type {PeerName} */ theirs,
    /** @type {{ part: string, replicas: number }} */ where,
    /** @type {(trial: AnyTrial) => number} */ figure,
  ) =>
    pairedRatio(
      byRound(trialsOf(results, { ...where, peer: ours }), figure),
      byRound(trialsOf(results, { ...where, peer: theirs }), figure),
    );
  const closed = (/** @type {number} */ replicas) => ({ part: 'closed', replicas });
  const open = { part: 'open', replicas: 3 };
  const { rate } = results.settings;
  return [
    ...[3, 12].flatMap((replicas) =>
      OURS.map((ours) =>
        judged(
          `throughput against BullMQ, ${ours}, ${replicas} replicas`,
          'least',
          5,
          'x',
          against(ours, 'bullmq', closed(replicas), throughput),
        ),
      ),
    ),
    judged(
      'throughput against the raw consumer group, race, 3 replicas',
      'least',
      1,
      'x',
      against('race', 'raw', closed(3), throughput),
    ),
    judged(
      'throughput against the raw consumer group, pull, 12 replicas',
      'least',
      1,
      'x',
      against('pull', 'raw', closed(12), throughput),
    ),
    judged(
      `p99 at ${rate}/s against the raw consumer group, race, 3 replicas`,
      'most',
      1.5,
      'x',
      against('race', 'raw', open, p99),
    ),
    judged(
      `p50 at ${rate}/s, race, 3 replicas`,
      'most',
      1,
      'ms',
      spread(trialsOf(results, { ...open, peer: 'race' }).map(p50)),
    ),
    judged(
      'Redis CPU per message against the raw consumer group, race, 3 replicas',
      'most',
      2,
      'x',
      against('race', 'raw', closed(3), redisCpu),
    ),
    judged(
      'Redis CPU per message against the raw consumer group, pull, 12 replicas',
      'most',
      2,
      'x',
      against('pull', 'raw', closed(12), redisCpu),
    ),
    rememberedTarget(results),
    judged('POST /orders per second against the bare route', 'least', 0.7, 'x', postRatio(results)),
    ...results.recoveries.map(({ peer, perSecond, closedPerSecond, backlog }) =>
      judged(
        `recovery of a backlog of ${backlog.toLocaleString('en')}, ${peer}, against its closed loop`,
        'least',
        1,
        'x',
        spread(closedPerSecond.map((closedLoop) => perSecond / closedLoop)),
      ),
    ),
    judged(
      'duplicates and losses of Onlyonce, all runs together',
      'most',
      0,
      'messages',
      spread([faultsOf(results)]),
    ),
  ];
}

/** @param {Results} results */
function rememberedTarget(results) {
  const counts = results.memory.map(({ remembered }) => remembered);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const of = (/** @type {number} */ remembered) =>
    byRound(trialsOf(results, { part: 'remembered', remembered }), throughput);
  return judged(
    counts.length < 2
      ? 'throughput with many remembered ids against few'
      : `throughput with ${most.toLocaleString('en')} remembered ids against ${least.toLocaleString('en')}`,
    'least',
    0.95,
    'x',
    counts.length < 2 ? spread([]) : pairedRatio(of(most), of(least)),
  );
}

/** @param {Results} results */
export function postRatio({ posts }) {
  const of = (/** @type {'order' | 'bare'} */ kind) =>
    new Map(posts.filter(({ server }) => server === kind).map(({ round, perSecond }) => [round, perSecond]));
  return pairedRatio(of('order'), of('bare'));
}

/**
 * Messages of ours that did not take effect exactly once, in whatever part; NaN if none of ours ran.
 * @param {Pick<Results, 'trials' | 'recoveries' | 'posts'>} results
 */
export function faultsOf({ trials, recoveries, posts }) {
  const books = [...trials.filter(({ peer }) => OURS.includes(peer)), ...recoveries].map((run) => run.books);
  const ofOrders = posts.filter(({ server }) => server === 'order');
  if (books.length + ofOrders.length === 0) return Number.NaN;
  const wrong = books
    .filter((one) => !inOrder(one))
    // Stock that is off with every message in its place is a fault, too.
    .map(({ duplicated, lost, foreign }) => Math.max(1, duplicated + lost + foreign));
  return [...wrong, ...ofOrders.map(({ lost }) => lost)].reduce((sum, count) => sum + count, 0);
}

/**
 * 1: a message of ours did not take effect exactly once; 2: something could not be measured; 0: else, however slow.
 * @param {Pick<Results, 'trials' | 'recoveries' | 'posts' | 'failures'>} results
 * @returns {0 | 1 | 2}
 */
export function exitCodeOf(results) {
  if (faultsOf(results) > 0) return 1;
  return results.failures.length > 0 ? 2 : 0;
}

/**
 * @param {string} figure
 * @param {Target['bound']} bound
 * @param {number} target
 * @param {Target['unit']} unit
 * @param {Spread} value
 * @returns {Target}
 */
function judged(figure, bound, target, unit, value) {
  return { figure, bound, target, unit, value, verdict: verdictOf(bound, target, value.median) };
}

/**
 * @param {Target['bound']} bound
 * @param {number} target
 * @param {number} value
 * @returns {Target['verdict']}
 */
export function verdictOf(bound, target, value) {
  if (Number.isNaN(value)) return 'not measured';
  return (bound === 'least' ? value >= target : value <= target) ? 'reached' : 'missed';
}
