// @ts-check
// A thread that says when the next message is due. Timers of the event loop are a millisecond coarse, and this
// lateness would be added to every latency; waiting on memory is exact to some 60 us and costs no CPU.
import { parentPort, workerData } from 'node:worker_threads';
import { monotonicUs } from './monotonic.mjs';

/** @type {{ startUs: number, rate: number, count: number }} */
const { startUs, rate, count } = workerData;
const cell = new Int32Array(new SharedArrayBuffer(4));

let told = 0;
while (told < count) {
  const due = Math.min(count, Math.floor(((monotonicUs() - startUs) * rate) / 1e6) + 1);
  if (due > told) {
    parentPort?.postMessage(due);
    told = due;
  }
  const waitUs = startUs + (told * 1e6) / rate - monotonicUs();
  if (waitUs > 0) Atomics.wait(cell, 0, 0, waitUs / 1e3);
}
