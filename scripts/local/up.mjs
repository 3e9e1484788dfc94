// @ts-check
// make up: Redis, one order and three inventory processes that stay, in the background. Again: starts what is missing.
import { styleText } from 'node:util';
import { portIsTaken } from './free-port.mjs';
import { logDirectory, MEMBERS, REDIS_NAME, startedList } from './deployment.mjs';
import { isRunning } from './living-process.mjs';
import { statusOf } from './pod.mjs';
import { Processes } from './processes.mjs';
import { startRedis } from './redis.mjs';
import { stateDirectory } from './state-directory.mjs';
import { containerRuns } from './docker.mjs';

const started = startedList();

try {
  const redisUrl = await redisIsUp();
  const running = new Set(
    started
      .entries()
      .filter(runs)
      .map(({ name }) => name),
  );
  const missing = MEMBERS.filter(({ name }) => !running.has(name));
  await refuseTakenPorts(missing);
  await start(missing, redisUrl);
  console.log(whatToTry(redisUrl));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error('Some of it may run: make down stops it.');
  process.exitCode = 1;
}

/** @returns {Promise<string>} its URL */
async function redisIsUp() {
  const given = process.env['REDIS_URL'];
  if (given) return given;
  const known = started.entries().find(({ name }) => name === 'redis');
  if (
    known?.url !== undefined &&
    (known.kind === 'container' ? await containerRuns(known.container) : runs(known))
  ) {
    return known.url;
  }
  // The pods that run look for it where it was.
  const port = known?.url === undefined ? undefined : Number(new URL(known.url).port);
  const redis = await startRedis({
    ...(port === undefined || (await portIsTaken(port)) ? {} : { port }),
    name: REDIS_NAME,
    directory: stateDirectory(),
    keepData: true,
    detached: true,
  });
  started.note({ ...redis.started, url: redis.url });
  console.log(`Started ${redis.how}`);
  return redis.url;
}

/** @param {import('./started.mjs').Started} entry */
function runs(entry) {
  return entry.kind === 'process' && isRunning(entry.pid, entry.marker);
}

/** @param {readonly import('./deployment.mjs').Member[]} members */
async function refuseTakenPorts(members) {
  const taken = [];
  for (const { name, port } of members) if (await portIsTaken(port)) taken.push(`${port} (${name})`);
  if (taken.length > 0) throw new Error(`Somebody else listens on port ${taken.join(', ')}.`);
}

/**
 * @param {readonly import('./deployment.mjs').Member[]} members
 * @param {string} redisUrl
 */
async function start(members, redisUrl) {
  const processes = new Processes({
    logDirectory: logDirectory(),
    env: { REDIS_URL: redisUrl },
    detached: true,
    onStart: (pod) => started.note(pod.started),
  });
  for (const { service, name, port } of members) await processes.start(service, name, { port });
  await processes.allReady();
  for (const { name, port } of MEMBERS) {
    const ready = (await statusOf(`http://127.0.0.1:${port}/health/ready`)) === 200;
    console.log(
      `${ready ? styleText('green', '●') : styleText('red', '○')} ${name.padEnd(12)} http://127.0.0.1:${port}`,
    );
  }
}

/** @param {string} redisUrl */
function whatToTry(redisUrl) {
  const json = `-H 'content-type: application/json'`;
  return `
Redis: ${masked(redisUrl)}. API pages: http://127.0.0.1:3001/docs, http://127.0.0.1:3002/docs. Try:

  curl -X PUT http://127.0.0.1:3002/stock/teapot ${json} -d '{"quantity":10}'
  curl -X POST http://127.0.0.1:3001/orders ${json} -d '{"orderId":"first","items":[{"id":"teapot","quantity":1}]}'
  curl 'http://127.0.0.1:3001/orders/first?wait=5s'

The second one sent again changes nothing: it is the same order. make logs follows the logs, make down stops it.`;
}

/** @param {string} url */
function masked(url) {
  const parsed = new URL(url);
  if (parsed.password !== '') parsed.password = '***';
  return parsed.href;
}
