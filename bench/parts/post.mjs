// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../scripts/local/free-port.mjs';
import { statusOf } from '../../scripts/local/pod.mjs';
import { waitFor } from '../../scripts/local/wait-for.mjs';
import { orderOfRound } from '../figures/statistics.mjs';
import { Child, track } from '../process/child.mjs';
import { mergedLatencies } from '../process/latencies.mjs';
import { startOwnRedis } from '../redis/own-redis.mjs';
import { Witness } from '../redis/witness.mjs';

/**
 * @typedef {{
 *   server: 'order' | 'bare', round: number, accepted: number, perSecond: number, otherStatus: Record<string, number>,
 *   latencyMs: import('../process/latencies.mjs').Percentiles, redisCpuUs: number, stored: number, lost: number,
 * }} PostRun stored: entries that came into Redis meanwhile; lost: answered 202 and not stored
 */

/** Long enough for the compiler: after 2 s on a busy machine its threads still took a third of the CPU of an order. */
const WARM_UP_SECONDS = 6;
const TITLES = { order: 'POST /orders of the order service', bare: 'a bare Fastify route with one XADD' };
const PROGRAMS = {
  order: fileURLToPath(new URL('../../order/dist/main.js', import.meta.url)),
  bare: fileURLToPath(new URL('../process/bare-route.mjs', import.meta.url)),
};
/** Where accepted orders lie while nobody consumes them. */
const STREAMS = { order: '{shop}:order_updates:unrouted', bare: '{bench}:orders' };

/**
 * The order service as it is built, with its own defaults, against the least that a route could do. Both run all the
 * time, each on a Redis of its own; one at a time is measured.
 * @param {import('./bench.mjs').Bench} bench
 * @returns {Promise<PostRun[]>}
 */
export async function postPart({ settings, progress }) {
  const servers = [];
  const client = new Child('http client', new URL('../process/http-client.mjs', import.meta.url));
  try {
    for (const kind of /** @type {const} */ (['order', 'bare'])) servers.push(await startServer(kind));
    let from = 0;
    const post = async (/** @type {number} */ port, /** @type {number} */ seconds) => {
      const order = { type: 'post', port, connections: settings.connections, seconds, from };
      const report = /** @type {import('../process/http-client.mjs').PostReport} */ (
        await client.order(order, (seconds + 60) * 1e3)
      );
      from += report.sent;
      return report;
    };
    for (const { port } of servers) await post(port, WARM_UP_SECONDS);
    /** @type {PostRun[]} */
    const runs = [];
    for (let round = 0; round < settings.runs; round += 1) {
      for (const { kind, port, witness } of orderOfRound(servers, round)) {
        const label = `post, run ${round + 1} of ${settings.runs}: ${TITLES[kind]}`;
        progress.count(label, 0, settings.seconds);
        const [before, storedBefore] = [await witness.figures(), await witness.redis.xlen(STREAMS[kind])];
        const report = await post(port, settings.seconds);
        const [after, storedAfter] = [await witness.figures(), await witness.redis.xlen(STREAMS[kind])];
        const stored = storedAfter - storedBefore;
        const run = {
          server: kind,
          round,
          accepted: report.accepted,
          perSecond: Math.round(report.accepted / report.seconds),
          otherStatus: report.otherStatus,
          latencyMs: mergedLatencies([report.latencies]).percentiles,
          redisCpuUs: Math.round(((after.cpuSeconds - before.cpuSeconds) * 1e8) / report.accepted) / 100,
          stored,
          lost: Math.max(0, report.accepted - stored),
        };
        runs.push(run);
        progress.say(
          `${label}: ${run.perSecond.toLocaleString('en')}/s, p99 ${run.latencyMs.p99.toFixed(1)} ms` +
            (run.lost > 0 ? `, ${run.lost} lost` : ''),
        );
      }
    }
    return runs;
  } finally {
    await client.kill();
    for (const server of servers) await server.stop();
  }
}

/** @param {'order' | 'bare'} kind */
async function startServer(kind) {
  const program = PROGRAMS[kind];
  if (!existsSync(program)) throw new Error(`${program} is missing: run make build first`);
  const redis = await startOwnRedis();
  const port = await freePort();
  const child = spawn(process.execPath, [program], {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      PORT: String(port),
      HOST: '127.0.0.1',
      REDIS_URL: redis.url,
      POD_NAME: `bench-${kind}`,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  track(child);
  let said = '';
  child.stderr.on('data', (part) => (said = (said + part).slice(-4_000)));
  const stop = async () => {
    witness?.close();
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    await redis.remove();
  };
  /** @type {Witness | undefined} */
  let witness;
  try {
    await waitFor(
      `readiness of ${TITLES[kind]}`,
      async () => {
        if (child.exitCode !== null) throw new Error(`${TITLES[kind]} ended:\n${said}`);
        return (await statusOf(`http://127.0.0.1:${port}/health/ready`)) === 200;
      },
      { deadlineMs: 60_000 },
    );
    witness = await Witness.at(redis.url);
    return { kind, port, witness, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
