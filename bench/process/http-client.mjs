// @ts-check
// POSTs orders as fast as they are answered, one at a time on each of a number of connections. Raw sockets: on a small
// machine a full HTTP client costs more than the server that it measures.
import { connect } from 'node:net';
import { idOf, itemsOf } from '../messages.mjs';
import { Latencies } from './latencies.mjs';
import { monotonicUs } from './monotonic.mjs';

/** @typedef {{ type: 'post', port: number, connections: number, seconds: number, from: number }} PostOrder */

/**
 * @typedef {{ accepted: number, sent: number, otherStatus: Record<string, number>, seconds: number, latencies: string }} PostReport
 */

/** @param {number} sequence */
function requestOf(sequence) {
  const body = JSON.stringify({ orderId: idOf(sequence, Date.now()), items: itemsOf(sequence) });
  return (
    'POST /orders HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n' +
    `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}

/**
 * @param {PostOrder} order
 * @returns {Promise<PostReport>}
 */
async function post({ port, connections, seconds, from }) {
  const latencies = new Latencies();
  /** @type {Record<string, number>} */
  const otherStatus = {};
  let sent = 0;
  let accepted = 0;
  const beganUs = monotonicUs();
  const endUs = beganUs + seconds * 1e6;
  let lastUs = beganUs;

  const one = () =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      let received = '';
      let sentUs = 0;
      const next = () => {
        sentUs = monotonicUs();
        if (sentUs > endUs) {
          socket.destroy();
          resolve(undefined);
          return;
        }
        socket.write(requestOf(from + sent));
        sent += 1;
      };
      socket.setNoDelay(true);
      socket.setEncoding('latin1');
      socket.on('connect', next);
      socket.on('error', reject);
      socket.on('end', () => reject(new Error('the server closed a connection')));
      socket.on('data', (part) => {
        received += part;
        const headEnd = received.indexOf('\r\n\r\n');
        if (headEnd < 0) return;
        const length = /^content-length: (\d+)/im.exec(received.slice(0, headEnd))?.[1];
        if (length === undefined)
          return reject(new Error(`no content-length: ${received.slice(0, headEnd)}`));
        if (received.length < headEnd + 4 + Number(length)) return;
        const status = received.slice(9, 12);
        lastUs = monotonicUs();
        if (status === '202') accepted += 1;
        else otherStatus[status] = (otherStatus[status] ?? 0) + 1;
        latencies.record(lastUs - sentUs);
        received = '';
        next();
      });
    });
  await Promise.all(Array.from({ length: connections }, one));
  return { accepted, sent, otherStatus, seconds: (lastUs - beganUs) / 1e6, latencies: latencies.encoded() };
}

process.on('message', (order) => {
  const told = /** @type {PostOrder | { type: 'stop' }} */ (order);
  if (told.type === 'stop') {
    process.send?.({ type: 'ready' });
    process.disconnect();
    return;
  }
  post(told).then(
    (report) => process.send?.({ type: 'report', report }),
    (/** @type {unknown} */ error) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    },
  );
});
