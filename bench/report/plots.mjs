// @ts-check
import { duplicatedShare, trialsOf } from '../figures/results.mjs';
import { spread } from '../figures/statistics.mjs';
import { PEER_NAMES, TITLES } from '../peers/names.mjs';
import { columns, curves } from './charts.mjs';
import { percent } from './numbers.mjs';

/** @typedef {import('../figures/results.mjs').Results} Results */
/** @typedef {import('../figures/results.mjs').AnyTrial} AnyTrial */
/** @typedef {{ title: string, note?: string, svg: string }} Plot */

/** @param {Results} results @returns {Plot[]} */
export function plotsOf(results) {
  return [
    ...closedPlots(results),
    ...openPlot(results),
    ...rememberedPlot(results),
    ...postPlot(results),
    ...recoveryPlot(results),
  ];
}

/** @param {Results} results @returns {Plot[]} */
function closedPlots(results) {
  const replicas = [...new Set(trialsOf(results, { part: 'closed' }).map((trial) => trial.replicas))];
  if (replicas.length === 0) return [];
  const peers = PEER_NAMES.filter((peer) => results.settings.peers.includes(peer));
  const series = peers.map((peer) => ({ name: peer, label: TITLES[peer] }));
  const groups = replicas.map((count) => `${count} ${count === 1 ? 'replica' : 'replicas'}`);
  const trials = (/** @type {number} */ group, /** @type {number} */ one) => {
    const [count, peer] = [replicas[group], peers[one]];
    return trialsOf(results, {
      part: 'closed',
      ...(count === undefined ? {} : { replicas: count }),
      ...(peer === undefined ? {} : { peer }),
    });
  };
  const plot = (/** @type {string} */ unit, /** @type {(trial: AnyTrial) => number} */ figure) =>
    columns({ groups, series, unit, value: (group, one) => spread(trials(group, one).map(figure)) });
  return [
    {
      title: 'Throughput, closed loop',
      note: 'Higher is better.',
      svg: plot('1/s', ({ perSecond }) => perSecond),
    },
    {
      title: 'Redis CPU per message, closed loop',
      note: 'Publishing included. Lower is better.',
      svg: plot('us', ({ redisCpuUs }) => redisCpuUs),
    },
    {
      title: 'Messages that took effect more than once, closed loop',
      svg: columns({
        groups,
        series,
        unit: '%',
        format: percent,
        value: (group, one) => spread(trials(group, one).map((trial) => duplicatedShare([trial]))),
      }),
    },
  ];
}

/** @param {Results} results @returns {Plot[]} */
function openPlot(results) {
  const marks = /** @type {const} */ (['p50', 'p90', 'p99', 'p999', 'most']);
  const lines = PEER_NAMES.flatMap((peer) => {
    const trials = trialsOf(results, { part: 'open', peer });
    if (trials.length === 0) return [];
    const points = marks.map((mark, index) => {
      const { median, least, most } = spread(trials.map(({ latencyMs }) => latencyMs[mark]));
      return { x: index / (marks.length - 1), y: median, least, most };
    });
    return [{ name: peer, label: TITLES[peer], points }];
  });
  if (lines.length === 0) return [];
  const ticks = ['p50', 'p90', 'p99', 'p99.9', 'most'].map((label, index) => ({ x: index / 4, label }));
  return [
    {
      title: `Latency at ${results.settings.rate.toLocaleString('en')}/s, 3 replicas, open loop`,
      note: 'From the moment a message was due to be sent to its effect, whatever held it up. Logarithmic.',
      svg: curves({ lines, ticks, unit: 'ms', logarithmic: true }),
    },
  ];
}

/** @param {Results} results @returns {Plot[]} */
function rememberedPlot(results) {
  const { memory } = results;
  if (memory.length === 0) return [];
  const groups = memory.map(({ remembered }) => `${remembered.toLocaleString('en')} ids`);
  const trials = (/** @type {number} */ group) =>
    trialsOf(results, { part: 'remembered', remembered: memory[group]?.remembered ?? 0 });
  const series = [{ name: 'race', label: 'Onlyonce' }];
  return [
    {
      title: 'Throughput against the number of remembered ids',
      svg: columns({
        groups,
        series,
        unit: '1/s',
        value: (group) => spread(trials(group).map((one) => one.perSecond)),
      }),
    },
    {
      title: 'Redis CPU per message against the number of remembered ids',
      svg: columns({
        groups,
        series,
        unit: 'us',
        value: (group) => spread(trials(group).map((one) => one.redisCpuUs)),
      }),
    },
    {
      title: 'Redis memory per remembered id',
      note: 'On the side of the publisher with a fingerprint of the body, on the side of the group with the outcome.',
      svg: columns({
        groups,
        series: [
          { name: 'race', label: 'published' },
          { name: 'pull', label: 'processed' },
        ],
        unit: 'bytes',
        value: (group, one) => {
          const bytes = memory[group];
          return bytes && spread([one === 0 ? bytes.idsBytes : bytes.doneBytes]);
        },
      }),
    },
  ];
}

/** @param {Results} results @returns {Plot[]} */
function postPlot({ posts }) {
  if (posts.length === 0) return [];
  const kinds = /** @type {const} */ (['order', 'bare']);
  return [
    {
      title: 'HTTP requests accepted',
      svg: columns({
        groups: ['POST /orders, order service', 'bare Fastify route, one XADD'],
        series: [{ name: 'race', label: 'accepted per second' }],
        unit: '1/s',
        value: (group) =>
          spread(posts.filter(({ server }) => server === kinds[group]).map(({ perSecond }) => perSecond)),
      }),
    },
  ];
}

/** @param {Results} results @returns {Plot[]} */
function recoveryPlot({ recoveries }) {
  if (recoveries.length === 0) return [];
  const longest = Math.max(...recoveries.map(({ secondsToLast }) => secondsToLast));
  const lines = recoveries.map(({ peer, curve }) => ({
    name: peer,
    label: TITLES[peer],
    points: curve.map(([second, applied]) => ({ x: second / longest, y: applied })),
  }));
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => ({
    x: share,
    label: `${(share * longest).toFixed(1)} s`,
  }));
  return [
    {
      title: 'Recovery of a backlog',
      note: 'Messages that took effect, from the start of the processes of 3 pods on.',
      svg: curves({ lines, ticks, unit: 'messages', dots: false }),
    },
  ];
}
