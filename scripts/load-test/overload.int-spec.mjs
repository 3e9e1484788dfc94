import { createServer } from 'node:http';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { waitFor } from '../local/wait-for.mjs';
import { figuresOf, latencies } from './figures.mjs';
import { Ledger } from './ledger.mjs';
import { RunOrders } from './orders.mjs';
import { OrderDoor } from './post-order.mjs';
import { ClosedLoop, OpenLoop } from './schedule.mjs';
import { Sender } from './sender.mjs';

/** An order service that answers when it is told to, over real connections. */
class StandIn {
  held = [];
  answers = [];
  holding = false;
  connections = 0;
  bodies = [];

  async start() {
    this.server = createServer((request, response) => {
      let text = '';
      request.on('data', (part) => (text += part));
      request.on('end', () => {
        this.bodies.push({ method: request.method, url: request.url, headers: request.headers, text });
        const answer = () => this.#answer(request, response, JSON.parse(text));
        if (this.holding) this.held.push(answer);
        else answer();
      });
    });
    this.server.on('connection', () => (this.connections += 1));
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}/shop/`;
  }

  release() {
    this.holding = false;
    for (const answer of this.held.splice(0)) answer();
  }

  #answer(request, response, { orderId }) {
    const how = this.answers.shift();
    if (how === 'reset') request.socket.destroy();
    else if (how === 'silence') return;
    else if (typeof how === 'number') response.writeHead(how).end('{}');
    else response.writeHead(202, { 'content-type': 'application/json' }).end(JSON.stringify({ orderId }));
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

let service;
let door;
let ledger;
const orders = new RunOrders({ count: 60, items: 3, startedAt: Date.now() });
const now = () => performance.now();
beforeEach(async () => {
  service = new StandIn();
  await service.start();
  ledger = new Ledger(60);
});
afterEach(async () => {
  await door.close();
  await service.stop();
});

const load = (schedule, { connections = 4, timeoutMs = 30_000, retries = 2 } = {}) => {
  door = new OrderDoor({ url: service.url, connections, timeoutMs, apiKey: 'key' });
  return new Sender({
    ...{ schedule, connections, retries, time: { now, wait: (ms, wake) => void setTimeout(wake, ms) } },
    post: (number) => door.post(orders.order(number)),
    answered: (job, answer, last) => ledger.answered(job, answer, { last, at: now() }),
  }).run();
};

test('a service that stands still is charged to every order that was due meanwhile, not only to those under way', async () => {
  service.holding = true;
  const began = now();
  const done = load(new OpenLoop({ count: 60, perSecond: 500, duplicates: 0 }));
  // All 60 are due after 118 ms; only 4 of them can be under way.
  await waitFor('the moment of the last order', () => now() > began + 60 * 2 && service.held.length === 4, {
    deadlineMs: 10_000,
    everyMs: 5,
  });
  const releasedAt = now();
  service.release();
  await done;
  expect(service.connections).toBe(4);
  const { postToAnswer, toAnswer } = { ...figuresOf(ledger).latencyMs, ...latencies(ledger) };
  for (let number = 0; number < 60; number += 1) {
    // Not by when it was sent: by when it was due.
    const due = ledger.firstIntendedAt + number * 2;
    expect(toAnswer[number] - (releasedAt - due)).toBeGreaterThan(-1e-6);
  }
  expect(postToAnswer.count).toBe(60);
});

test('errors are told by their kind, and each order gets its answer in the end', async () => {
  service.answers = [503, 'reset', 500, 429, 'silence'];
  await load(new ClosedLoop({ count: 60, duplicates: 0 }), { connections: 5, timeoutMs: 1_000, retries: 5 });
  const { accepted, errors, tries } = figuresOf(ledger);
  expect(accepted).toBe(60);
  expect(tries).toBe(65);
  expect(errors).toEqual({ 429: 1, 500: 1, 503: 1, timeout: 1, 'connection UND_ERR_SOCKET': 1 });
});

test('a repeat has the same id and body; the key and the path are as configured', async () => {
  await load(new ClosedLoop({ count: 60, duplicates: 1 }));
  const texts = service.bodies.map(({ text }) => text);
  expect(texts).toHaveLength(120);
  expect(new Set(texts).size).toBe(60);
  expect(service.bodies[0]).toMatchObject({
    method: 'POST',
    url: '/shop/orders',
    headers: { 'x-api-key': 'key' },
  });
});
