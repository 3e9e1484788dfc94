// @ts-check
// node bench/floor/main.mjs: Redis' CPU per message of the engine, beside the same commands in a script that decides nothing,
// the same commands without a script, and a raw consumer group. One client, one process, wave by wave in turn: what a
// change of the scripts could gain at most. docs/performance.md, "The floor".
import { median } from '../figures/statistics.mjs';
import { killOwnRedises, startOwnRedis } from '../redis/own-redis.mjs';
import { Witness } from '../redis/witness.mjs';
import { engineWay } from './engine-way.mjs';
import { Messages } from './messages.mjs';
import { plainWay, rawWay, undecidedWay } from './ways.mjs';

const WAVES = atLeastOne('WAVES', 40);
const BATCH = atLeastOne('BATCH', 100);
const BATCHES = 20;
const STEPS = ['publish', 'claim', 'lose', 'commit', 'consume'];

process.on('exit', killOwnRedises);
const redis = await startOwnRedis();
const witness = await Witness.at(redis.url);
await witness.fillStock();
await witness.redis.sadd('{bench}:floor:groups', 'stock');
const messages = new Messages();
const ways = [
  await engineWay(redis.url),
  await undecidedWay(redis.url),
  await plainWay(redis.url),
  await rawWay(redis.url),
];

/** @type {Map<string, number[]>} way and step to microseconds of Redis per message, one of each wave */
const spent = new Map();

/**
 * Step by step, each for all batches, so that asking for CPU is seldom and counts for nothing.
 * @param {import('./ways.mjs').Way} way
 */
async function wave({ name, steps }) {
  const batches = Array.from({ length: BATCHES }, () => messages.next(BATCH));
  for (const [step, run] of Object.entries(steps)) {
    const before = await cpuUs();
    for (const batch of batches) await run(batch);
    const us = ((await cpuUs()) - before) / (BATCH * BATCHES);
    const key = `${name} ${step}`;
    spent.set(key, [...(spent.get(key) ?? []), us]);
  }
}

async function cpuUs() {
  const text = await witness.redis.info('cpu');
  const field = (/** @type {string} */ name) => Number(new RegExp(`${name}:([\\d.]+)`).exec(text)?.[1]);
  return (field('used_cpu_sys') + field('used_cpu_user')) * 1e6;
}

for (let n = 0; n < WAVES; n += 1) {
  for (const way of n % 2 === 0 ? ways : [...ways].reverse()) await wave(way);
}

const rows = ways.map(({ name, steps }) => {
  const figures = STEPS.map((step) =>
    step in steps ? median(spent.get(`${name} ${step}`) ?? []) : undefined,
  );
  return { name, figures, sum: figures.reduce((/** @type {number} */ sum, us) => sum + (us ?? 0), 0) };
});
const rawUs = rows.at(-1)?.sum ?? Number.NaN;
const cell = (/** @type {number | undefined} */ us) => (us === undefined ? '' : us.toFixed(1)).padStart(8);
console.log(`Redis' CPU, us per message, batches of ${BATCH}, medians of ${WAVES} waves`);
console.log(
  ['way      ', ...STEPS, 'all', 'to raw']
    .map((text, at) => (at === 0 ? text.padEnd(10) : text.padStart(8)))
    .join(' '),
);
for (const { name, figures, sum } of rows) {
  console.log(name.padEnd(10), ...figures.map(cell), cell(sum), `${(sum / rawUs).toFixed(2)}x`.padStart(8));
}

for (const way of ways) await way.close();
witness.redis.disconnect();
await redis.remove();

/**
 * @param {string} name
 * @param {number} otherwise
 */
function atLeastOne(name, otherwise) {
  const value = Number(process.env[name] ?? otherwise);
  if (Number.isInteger(value) && value > 0) return value;
  console.error(`${name} must be an integer above 0`);
  process.exit(2);
}
