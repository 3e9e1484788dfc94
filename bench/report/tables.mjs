// @ts-check
import { byRound, duplicatedShare, trialsOf } from '../figures/results.mjs';
import { pairedRatio, spread } from '../figures/statistics.mjs';
import { targetsOf } from '../figures/targets.mjs';
import { OURS, PEER_NAMES, TITLES } from '../peers/names.mjs';
import { boundText, percent, short, spreadText } from './numbers.mjs';

/** @typedef {import('../figures/results.mjs').Results} Results */
/** @typedef {import('../figures/results.mjs').AnyTrial} AnyTrial */
/** @typedef {{ title: string, note?: string, head: string[], rows: string[][] }} Table the first column is text, the others are figures */

/**
 * All that was found, as tables: for the terminal, Markdown and HTML alike. Parts that did not run are left out.
 * @param {Results} results
 * @returns {Table[]}
 */
export function tablesOf(results) {
  return [
    targetTable(results),
    ...[...new Set(trialsOf(results, { part: 'closed' }).map(({ replicas }) => replicas))].map((replicas) =>
      trialTable(results, {
        title: `Closed loop, ${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`,
        part: 'closed',
        replicas,
      }),
    ),
    ratioTable(results),
    trialTable(results, {
      title: `Open loop, ${results.settings.rate.toLocaleString('en')}/s, 3 replicas`,
      part: 'open',
      replicas: 3,
    }),
    rememberedTable(results),
    postTable(results),
    recoveryTable(results),
  ].filter(({ rows }) => rows.length > 0);
}

/** @param {Results} results @returns {Table} */
export function targetTable(results) {
  return {
    title: 'Targets',
    note: 'Medians of ratios, each taken within one round; in brackets the least and the most of all rounds.',
    head: ['figure', 'target', 'found', ''],
    rows: targetsOf(results).map((target) => [
      target.figure,
      boundText(target),
      spreadText(target.value),
      target.verdict,
    ]),
  };
}

/**
 * @param {Results} results
 * @param {{ title: string, part: string, replicas: number }} which
 * @returns {Table}
 */
function trialTable(results, { title, part, replicas }) {
  const rows = PEER_NAMES.flatMap((peer) => {
    const trials = trialsOf(results, { part, peer, replicas });
    if (trials.length === 0) return [];
    const of = (/** @type {(trial: AnyTrial) => number} */ figure) => spread(trials.map(figure));
    return [
      [
        TITLES[peer],
        spreadText(of(({ perSecond }) => perSecond)),
        ...['p50', 'p90', 'p99', 'p999'].map((name) =>
          short(of(({ latencyMs }) => latencyMs[/** @type {'p50'} */ (name)]).median),
        ),
        percent(duplicatedShare(trials)),
        String(trials.reduce((sum, { books }) => sum + books.lost, 0)),
        ...[
          of(({ redisCpuUs }) => redisCpuUs),
          of(({ redisCommands }) => redisCommands),
          of(({ outputBytes }) => outputBytes),
          of(({ podsCpuUs }) => podsCpuUs),
          of(({ publisherCpuUs }) => publisherCpuUs),
          of(({ podRssMb }) => podRssMb),
        ].map(({ median }) => short(median)),
      ],
    ];
  });
  return {
    title,
    note:
      'Redis commands count those inside scripts. Latencies: milliseconds' +
      (part === 'open'
        ? ' from the moment the message was due to be sent.'
        : ' from the making of the id (exact to 1 ms); bounded by the window.'),
    head: [
      '',
      'messages/s',
      'p50',
      'p90',
      'p99',
      'p99.9',
      'duplicated',
      'lost',
      'Redis us',
      'Redis commands',
      'Redis bytes out',
      'pods us',
      'publisher us',
      'pod RSS, MB',
    ],
    rows,
  };
}

/** @param {Results} results @returns {Table} */
function ratioTable(results) {
  const replicas = [...new Set(trialsOf(results, { part: 'closed' }).map((trial) => trial.replicas))];
  const others = PEER_NAMES.filter((peer) => !OURS.includes(peer));
  const rows = OURS.flatMap((ours) =>
    others.flatMap((theirs) => {
      const cells = replicas.map((count) => {
        const of = (/** @type {import('../peers/names.mjs').PeerName} */ peer) =>
          byRound(trialsOf(results, { part: 'closed', peer, replicas: count }), ({ perSecond }) => perSecond);
        return spreadText(pairedRatio(of(ours), of(theirs)));
      });
      return cells.every((cell) => cell === '-') ? [] : [[`${ours} / ${TITLES[theirs]}`, ...cells]];
    }),
  );
  return {
    title: 'Throughput, ratios within a round, closed loop',
    head: ['', ...replicas.map((count) => `${count} ${count === 1 ? 'replica' : 'replicas'}`)],
    rows,
  };
}

/** @param {Results} results @returns {Table} */
function rememberedTable(results) {
  const [fewest] = results.memory;
  return {
    title: 'Cost against the number of remembered ids',
    note: 'Before each run; 3 replicas, closed loop. Bytes of used_memory per id: as published, as processed.',
    head: [
      'remembered ids',
      'messages/s',
      'against the fewest',
      'Redis us',
      'bytes, published',
      'bytes, processed',
      'Redis, MB',
    ],
    rows: results.memory.map(({ remembered, idsBytes, doneBytes, redisMemoryMb }) => {
      const trials = trialsOf(results, { part: 'remembered', remembered });
      const perSecond = (/** @type {readonly AnyTrial[]} */ some) =>
        byRound(some, (trial) => trial.perSecond);
      const few = trialsOf(results, {
        part: 'remembered',
        ...(fewest ? { remembered: fewest.remembered } : {}),
      });
      return [
        remembered.toLocaleString('en'),
        spreadText(spread(trials.map((trial) => trial.perSecond))),
        spreadText(pairedRatio(perSecond(trials), perSecond(few))),
        short(spread(trials.map(({ redisCpuUs }) => redisCpuUs)).median),
        short(idsBytes),
        short(doneBytes),
        short(redisMemoryMb),
      ];
    }),
  };
}

/** @param {Results} results @returns {Table} */
function postTable({ posts, settings }) {
  const titles = { order: 'POST /orders, order service', bare: 'bare Fastify route, one XADD' };
  return {
    title: `HTTP, ${settings.connections} connections`,
    head: ['', 'accepted/s', 'p50, ms', 'p99, ms', 'other answers', 'lost', 'Redis us'],
    rows: /** @type {const} */ (['order', 'bare']).flatMap((kind) => {
      const runs = posts.filter(({ server }) => server === kind);
      if (runs.length === 0) return [];
      const others = runs.flatMap(({ otherStatus }) => Object.values(otherStatus));
      return [
        [
          titles[kind],
          spreadText(spread(runs.map(({ perSecond }) => perSecond))),
          short(spread(runs.map(({ latencyMs }) => latencyMs.p50)).median),
          short(spread(runs.map(({ latencyMs }) => latencyMs.p99)).median),
          String(others.reduce((sum, count) => sum + count, 0)),
          String(runs.reduce((sum, { lost }) => sum + lost, 0)),
          short(spread(runs.map(({ redisCpuUs }) => redisCpuUs)).median),
        ],
      ];
    }),
  };
}

/** @param {Results} results @returns {Table} */
function recoveryTable({ recoveries }) {
  return {
    title: 'Recovery of a backlog after all pods were down',
    note: 'Seconds count from the start of the processes of 3 pods; messages/s from the first effect to the last.',
    head: [
      '',
      'backlog',
      'first effect, s',
      'last effect, s',
      'messages/s',
      'closed loops beside it',
      'duplicated',
      'lost',
      'Redis us',
      'most pod RSS, MB',
    ],
    rows: recoveries.map((one) => [
      TITLES[one.peer],
      one.backlog.toLocaleString('en'),
      short(one.secondsToFirst),
      short(one.secondsToLast),
      short(one.perSecond),
      one.closedPerSecond.map(short).join(', '),
      String(one.books.duplicated),
      String(one.books.lost),
      short(one.redisCpuUs),
      short(one.podMostRssMb),
    ]),
  };
}
