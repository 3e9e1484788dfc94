// @ts-check
// One replica of one peer, as a process of its own. Told what to do by its parent.
import { monotonicUs } from './monotonic.mjs';
import { Latencies } from './latencies.mjs';
import { madeAtMs, sequenceOf } from '../messages.mjs';
import { peerNamed } from '../peers/peer.mjs';

/**
 * What counts as a latency from now on. `open`: from the moment the message should have been sent, so that a publisher
 * that falls behind hides nothing. `closed`: from the making of the id, exact to a millisecond.
 * @typedef {{ kind: 'open', startUs: number, rate: number, from: number } | { kind: 'closed', from: number }} Yardstick
 */

/**
 * @typedef {{ type: 'start', peer: string, url: string, pod: string, options: Record<string, number> }
 *   | { type: 'measure', yardstick: Yardstick } | { type: 'stop' }} PodOrder
 */

/**
 * @typedef {{ effects: number, latencies: string, rssBytes: number, mostRssBytes: number, cpuUs: number }} PodReport
 *   effects, cpuUs: since the last yardstick
 */

const latencies = new Latencies();
/** @type {Yardstick} */
let yardstick = { kind: 'closed', from: 0 };
let effects = 0;
let cpuBefore = process.cpuUsage();
/** @type {{ stop: () => Promise<void> } | undefined} */
let running;

/** @param {string} id */
function applied(id) {
  const sequence = sequenceOf(id);
  if (sequence < yardstick.from) return;
  effects += 1;
  latencies.record(
    yardstick.kind === 'open'
      ? monotonicUs() - yardstick.startUs - ((sequence - yardstick.from) * 1e6) / yardstick.rate
      : (Date.now() - madeAtMs(id)) * 1e3,
  );
}

/** @returns {PodReport} */
function report() {
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    effects,
    latencies: latencies.encoded(),
    rssBytes: process.memoryUsage().rss,
    mostRssBytes: process.resourceUsage().maxRSS * 1_024,
    cpuUs: user + system,
  };
}

/** @param {PodOrder} order */
async function obey(order) {
  switch (order.type) {
    case 'start': {
      const peer = await peerNamed(order.peer);
      const { url, pod, options } = order;
      running = await peer.startPod({ url, pod, options, applied });
      return tell({ type: 'ready' });
    }
    case 'measure':
      yardstick = order.yardstick;
      effects = 0;
      latencies.reset();
      cpuBefore = process.cpuUsage();
      return tell({ type: 'ready' });
    case 'stop':
      // Before stopping: what a shutdown needs is not what a message needs. What is applied while it stops still counts.
      {
        const { cpuUs, rssBytes } = report();
        await running?.stop();
        tell({ type: 'report', report: { ...report(), cpuUs, rssBytes } });
        process.disconnect();
      }
      return;
    default:
      throw new Error(`unknown order ${JSON.stringify(order)}`);
  }
}

/** @param {unknown} message */
const tell = (message) => process.send?.(message);

process.on('message', (order) => {
  obey(/** @type {PodOrder} */ (order)).catch((/** @type {unknown} */ error) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  });
});
