// @ts-check
// The publisher, as a process of its own: closed loop (a bounded window of messages not applied), open loop (a rate,
// whatever happens), or as fast as it goes (to fill a backlog).
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { APPLIED_KEY, messageOf } from '../messages.mjs';
import { connected } from '../peers/connection.mjs';
import { peerNamed } from '../peers/peer.mjs';
import { monotonicUs } from './monotonic.mjs';

/**
 * @typedef {{ type: 'start', peer: string, url: string }
 *   | { type: 'closed', from: number, messages: number, window: number, seconds: number }
 *   | { type: 'open', from: number, startUs: number, rate: number, count: number }
 *   | { type: 'fill', from: number, messages: number }
 *   | { type: 'stop' }} LoadOrder `from`: sequence number of the first message
 */

/**
 * @typedef {{ sent: number, seconds: number, unapplied: number, latestSendUs: number, cpuUs: number }} LoadResult
 *   cpuUs: of this process; seconds: from the first send to the last effect seen; unapplied: given up waiting for; latestSendUs: by how much the
 *   publisher itself was late at worst (open loop)
 */

const CHUNK = 128;
/** Of chunks under way while filling: enough to keep Redis busy. */
const FILL_PARALLEL = 8;
const POLL_MS = 1;
/** No effect for this long: longer than a lock TTL and a sweep of the engine take together. */
const STALL_MS = 12_000;

/** @type {import('../peers/peer.mjs').PeerPublisher | undefined} */
let publisher;
/** @type {Awaited<ReturnType<typeof connected>> | undefined} */
let witness;

const applied = () => (witness === undefined ? Promise.resolve(0) : witness.hlen(APPLIED_KEY));

/**
 * @param {number} from
 * @param {number} count
 */
const messages = (from, count) => Array.from({ length: count }, (_, index) => messageOf(from + index));

/** What a failed publish means: the run is worth nothing. @param {unknown} error */
function fail(error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}

/**
 * Waits until `target` messages took effect, or none did for too long.
 * @param {number} target
 * @param {number} pollMs
 * @returns {Promise<{ atUs: number, missing: number }>} atUs: when the last effect was seen
 */
async function allApplied(target, pollMs) {
  let seen = -1;
  let lastUs = monotonicUs();
  for (;;) {
    const count = await applied();
    const nowUs = monotonicUs();
    if (count !== seen) {
      seen = count;
      lastUs = nowUs;
      tell({ type: 'progress', applied: count });
    }
    if (count >= target) return { atUs: lastUs, missing: 0 };
    if (nowUs - lastUs > STALL_MS * 1e3) return { atUs: lastUs, missing: target - count };
    await sleep(pollMs);
  }
}

/**
 * @param {Extract<LoadOrder, { type: 'closed' }>} order
 * @returns {Promise<Omit<LoadResult, 'cpuUs'>>}
 */
async function closedLoop({ from, messages: most, window, seconds }) {
  const base = await applied();
  const beganUs = monotonicUs();
  const endUs = beganUs + seconds * 1e6;
  // Sent by the handful rather than one by one: that is how a busy publisher sends, and all peers profit.
  const quantum = Math.max(1, Math.min(CHUNK, Math.floor(window / 4)));
  let sent = 0;
  let seen = 0;
  let seenUs = beganUs;
  let writtenOff = 0;
  while (sent < most) {
    const count = (await applied()) - base;
    const nowUs = monotonicUs();
    if (nowUs > endUs) break;
    if (count !== seen) {
      seen = count;
      seenUs = nowUs;
    } else if (nowUs - seenUs > STALL_MS * 1e3) {
      // What is not applied now never will be; without this the loop would stand still.
      writtenOff = sent - seen;
      seenUs = nowUs;
    }
    tell({ type: 'progress', applied: base + seen });
    const room = Math.min(window - (sent - seen - writtenOff), most - sent);
    if (room < Math.min(quantum, most - sent)) {
      await sleep(POLL_MS);
      continue;
    }
    for (let left = room; left > 0; left -= CHUNK) {
      const size = Math.min(CHUNK, left);
      publisher?.publish(messages(from + sent, size)).catch(fail);
      sent += size;
    }
  }
  const { atUs, missing } = await allApplied(base + sent, POLL_MS);
  return { sent, seconds: (atUs - beganUs) / 1e6, unapplied: missing, latestSendUs: 0 };
}

/**
 * @param {Extract<LoadOrder, { type: 'open' }>} order
 * @returns {Promise<Omit<LoadResult, 'cpuUs'>>}
 */
async function openLoop({ from, startUs, rate, count }) {
  const base = await applied();
  let sent = 0;
  let latestSendUs = 0;
  const pacer = new Worker(new URL('./pacer.mjs', import.meta.url), { workerData: { startUs, rate, count } });
  await new Promise((resolve, reject) => {
    pacer.on('error', reject);
    pacer.on('exit', resolve);
    pacer.on('message', (/** @type {number} */ due) => {
      latestSendUs = Math.max(latestSendUs, monotonicUs() - startUs - (sent * 1e6) / rate);
      publisher?.publish(messages(from + sent, due - sent)).catch(fail);
      sent = due;
    });
  });
  // Rarely, until all is sent: here nobody waits for what the witness sees.
  const { atUs, missing } = await allApplied(base + count, 20);
  return { sent, seconds: (atUs - startUs) / 1e6, unapplied: missing, latestSendUs };
}

/**
 * @param {Extract<LoadOrder, { type: 'fill' }>} order
 * @returns {Promise<Omit<LoadResult, 'cpuUs'>>}
 */
async function fill({ from, messages: count }) {
  const beganUs = monotonicUs();
  let sent = 0;
  const worker = async () => {
    while (sent < count) {
      const size = Math.min(CHUNK, count - sent);
      const chunk = messages(from + sent, size);
      sent += size;
      await publisher?.publish(chunk);
      tell({ type: 'progress', applied: sent });
    }
  };
  await Promise.all(Array.from({ length: FILL_PARALLEL }, worker));
  return { sent, seconds: (monotonicUs() - beganUs) / 1e6, unapplied: count, latestSendUs: 0 };
}

let lastToldAt = 0;

/** @param {{ type: string, [field: string]: unknown }} message progress is told now and then only */
function tell(message) {
  if (message.type === 'progress') {
    const now = performance.now();
    if (now - lastToldAt < 200) return;
    lastToldAt = now;
  }
  process.send?.(message);
}

/** @param {Promise<Omit<LoadResult, 'cpuUs'>>} work just begun */
async function report(work) {
  const before = process.cpuUsage();
  const result = await work;
  const { user, system } = process.cpuUsage(before);
  tell({ type: 'report', report: { ...result, cpuUs: user + system } });
}

/** @param {LoadOrder} order */
async function obey(order) {
  switch (order.type) {
    case 'start':
      witness = await connected(order.url, 'witness');
      publisher = await (await peerNamed(order.peer)).openPublisher(order.url);
      return tell({ type: 'ready' });
    case 'closed':
      return report(closedLoop(order));
    case 'open':
      return report(openLoop(order));
    case 'fill':
      return report(fill(order));
    case 'stop':
      await publisher?.close();
      witness?.disconnect();
      tell({ type: 'ready' });
      process.disconnect();
      return;
    default:
      throw new Error(`unknown order ${JSON.stringify(order)}`);
  }
}

process.on('message', (order) => {
  obey(/** @type {LoadOrder} */ (order)).catch(fail);
});
