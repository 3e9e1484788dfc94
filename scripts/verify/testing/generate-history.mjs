// @ts-check
// A long healthy history, or one with violations, for measuring: 11 lines per order, as three replicas write them.
//   node scripts/verify/testing/generate-history.mjs <lines> <folder> [orders in flight] [duplicates]
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { v7ish } from './v7ish.mjs';

const LINES_PER_ORDER = 11;
const FLUSH_CHARS = 1_000_000;

const [, , lines = '1000000', folder = '.', inFlight = '500', duplicates = '0'] = process.argv;
const orders = Math.ceil(Number(lines) / LINES_PER_ORDER);
mkdirSync(folder, { recursive: true });
const names = ['order-1', 'inventory-1', 'inventory-2', 'inventory-3'];
const files = names.map((name) => createWriteStream(join(folder, `${name}.jsonl`)));
/** @type {string[]} */
const texts = names.map(() => '');
const begin = Date.parse('2026-11-21T02:00:00.000Z');

/**
 * @param {number} pod
 * @param {number} at
 * @param {string} rest
 */
function write(pod, at, rest) {
  const service = pod === 0 ? 'order' : 'inventory';
  texts[pod] +=
    `{"level":"info","time":"${new Date(at).toISOString()}","service":"${service}","env":"perf","version":"0.1.0","pod":"${names[pod]}",${rest}}\n`;
}

/**
 * What happens to the order with this number, at three moments of its life.
 * @type {((order: number, id: string, at: number) => void)[]}
 */
const moments = [
  (_, id, at) => {
    write(0, at, `"event":"order.accepted","messageId":"${id}","channel":"order_updates"`);
    for (const pod of [1, 2, 3]) write(pod, at + 1, `"event":"message.received",${ofInventory(id)}`);
  },
  (order, id, at) => {
    const winner = 1 + (order % 3);
    for (const pod of [1, 2, 3]) {
      if (pod === winner)
        write(pod, at, `"event":"lock.won",${ofInventory(id)},"attempt":1,"fencingToken":"${token(order)}"`);
      else write(pod, at, `"event":"lock.lost",${ofInventory(id)},"reason":"held by another pod"`);
    }
  },
  (order, id, at) => {
    const winner = 1 + (order % 3);
    const claim = (/** @type {string} */ value) => `"attempt":1,"fencingToken":"${value}"`;
    write(
      winner,
      at,
      `"event":"message.processed",${ofInventory(id)},${claim(token(order))},"durationMs":4,"outcome":"confirmed"`,
    );
    const result = `"messageId":"${id}:inventory:0","channel":"order_results","group":"order"`;
    write(0, at + 1, `"event":"message.received",${result}`);
    write(0, at + 1, `"event":"lock.won",${result},${claim(`${token(order)}1`)}`);
    write(
      0,
      at + 2,
      `"event":"message.processed",${result},${claim(`${token(order)}1`)},"durationMs":1,"outcome":"confirmed"`,
    );
  },
];

/** @param {string} id */
const ofInventory = (id) => `"messageId":"${id}","channel":"order_updates","group":"inventory"`;

/** @param {number} order */
const token = (order) => String(1_795_228_441_000_000 + order * 1_000);

async function flush() {
  for (const [index, file] of files.entries()) {
    if (!file.write(texts[index])) await once(file, 'drain');
    texts[index] = '';
  }
}

const lag = Math.max(1, Math.floor(Number(inFlight) / 2));
for (let step = 0; step < orders + 2 * lag; step += 1) {
  moments.forEach((moment, index) => {
    const order = step - index * lag;
    if (order >= 0 && order < orders) moment(order, v7ish(begin, order), begin + step / 2);
  });
  if ((texts[1]?.length ?? 0) > FLUSH_CHARS) await flush();
}
for (let index = 0; index < Number(duplicates); index += 1) {
  const order = Math.floor((orders * index) / Number(duplicates));
  moments[2]?.(order, v7ish(begin, order), begin + orders);
}
await flush();
for (const file of files) file.end();
await Promise.all(files.map((file) => finished(file)));
