import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { judged } from '../testing/judged.mjs';
import { LogBook } from '../testing/log-book.mjs';

/** Stands in for both services: GET /orders/{id}, /stock and /inbox, in pages of two. */
class Services {
  orders = {};
  stock = [];
  inbox = {};
  broken = 0;

  async start() {
    this.server = createServer(({ url }, response) => {
      const { pathname, searchParams } = new URL(url, 'http://services');
      if (this.broken > 0) {
        this.broken -= 1;
        response.writeHead(503).end('{}');
        return;
      }
      const answer = this.#answer(pathname, searchParams);
      response.writeHead(answer ? 200 : 404).end(JSON.stringify(answer ?? {}));
    });
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
  }

  #answer(pathname, query) {
    const from = Number(query.get('cursor') ?? 0);
    const page = (list) => (from + 2 < list.length ? { cursor: String(from + 2) } : {});
    if (pathname === '/stock') return { items: this.stock.slice(from, from + 2), ...page(this.stock) };
    if (pathname === '/inbox') {
      const list = this.inbox[query.get('state')] ?? [];
      return { messages: list.slice(from, from + 2).map((messageId) => ({ messageId })), ...page(list) };
    }
    const id = decodeURIComponent(pathname.slice('/orders/'.length));
    return id in this.orders ? { orderId: id, status: this.orders[id] } : undefined;
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

/** @type {Services} */
let services;
/** @type {LogBook} */
let book;
beforeEach(async () => {
  services = new Services();
  await services.start();
  book = new LogBook();
  for (let index = 0; index < 5; index += 1) {
    book.healthy(`ok-${index}`);
    services.orders[`ok-${index}`] = 'CONFIRMED';
  }
});
afterEach(() => services.stop());

const asked = (how = {}) =>
  judged(book.files, {
    ...how,
    args: ['--order-url', services.url, '--inventory-url', services.url, ...(how.args ?? [])],
  });

/** Won, committed, and killed before the line. */
function killedAfterCommit(id) {
  book.accepted(id);
  book.won('inventory-2', id);
  for (let index = 0; index < 5; index += 1) {
    book.later(1_000).accepted(`then-${id}-${index}`);
    book.processed('inventory-1', `then-${id}-${index}`, book.won('inventory-1', `then-${id}-${index}`));
    services.orders[`then-${id}-${index}`] = 'CONFIRMED';
  }
}

test('a message that was heard, and whose request got no answer, was not accepted if the store knows none', async () => {
  book.inventory('inventory-1', 'message.received', 'x');
  const how = { write: { accepted: JSON.stringify({ orderId: 'x', accepted: 'unknown' }) } };
  expect((await asked(how)).found).toEqual({});
  services.orders.x = 'PENDING';
  expect((await asked(how)).found).toEqual({ lost: 1 });
});

describe('an effect without a line', () => {
  test.each(['CONFIRMED', 'REJECTED', 'FAILED'])('is proved by the store that says %s', async (state) => {
    killedAfterCommit('k');
    services.orders.k = state;
    const { found, certificate } = await asked();
    expect(found).toEqual({});
    expect(certificate.store.effectsProved).toEqual({ [state]: 1 });
  });

  test('is unproven when nobody may be asked', async () => {
    killedAfterCommit('k');
    expect((await judged(book.files)).found).toEqual({ unproven: 1 });
  });

  test('is none when the store has it in the backlog: stuck', async () => {
    killedAfterCommit('k');
    services.orders.k = 'PENDING';
    services.inbox = { processing: ['x', 'y', 'k'] };
    expect((await asked()).told).toMatchObject([
      { kind: 'stuck', id: 'k', detail: expect.stringContaining('processing') },
    ]);
  });

  test('is lost when the store has it nowhere', async () => {
    killedAfterCommit('k');
    services.orders.k = 'PENDING';
    expect((await asked()).found).toEqual({ lost: 1 });
    delete services.orders.k;
    expect((await asked()).found).toEqual({ lost: 1 });
  });

  test('counts in the stock as the store says', async () => {
    killedAfterCommit('k');
    services.orders.k = 'CONFIRMED';
    const accepted = [...Object.keys(services.orders)]
      .map((orderId) => JSON.stringify({ orderId, items: [{ id: 'tea', quantity: 1 }] }))
      .join('\n');
    services.stock = [
      { id: 'a', available: 1 },
      { id: 'b', available: 1 },
      { id: 'tea', available: 89 },
    ];
    const write = { accepted, 'start-stock': JSON.stringify({ tea: 100 }) };
    expect((await asked({ write })).found).toEqual({});
    services.stock[2].available = 90;
    expect((await asked({ write })).found).toEqual({ stock: 1 });
  });

  test('counts in the stock also when its result has proved it already', async () => {
    killedAfterCommit('k');
    book.result('k:inventory:0');
    services.orders.k = 'CONFIRMED';
    const accepted = [...Object.keys(services.orders)]
      .map((orderId) => JSON.stringify({ orderId, items: [{ id: 'tea', quantity: 1 }] }))
      .join('\n');
    services.stock = [{ id: 'tea', available: 89 }];
    const write = { accepted, 'start-stock': JSON.stringify({ tea: 100 }) };
    const { found, certificate } = await asked({ write });
    expect(found).toEqual({});
    expect(certificate.groups[0]).toMatchObject({ processed: 10, provedByResults: 1 });
    services.orders.k = 'REJECTED';
    expect((await asked({ write })).found).toEqual({ stock: 1 });
  });
});

test('the store is asked about every effect without a line, also about more than are told', async () => {
  for (let index = 0; index < 1_100; index += 1) {
    book.accepted(`k-${index}`);
    book.won('inventory-2', `k-${index}`);
    services.orders[`k-${index}`] = 'CONFIRMED';
  }
  book.later(60_000).healthy('then');
  services.orders.then = 'CONFIRMED';
  expect((await asked()).found).toEqual({});
  services.orders['k-1099'] = 'PENDING';
  expect((await asked()).found).toMatchObject({ lost: 1 });
});

describe('a result whose pod was killed before its line', () => {
  beforeEach(() => {
    book.accepted('k');
    book.processed('inventory-1', 'k', book.won('inventory-1', 'k'));
    const of = { messageId: 'k:inventory:0', channel: 'order_results', group: 'order' };
    book.line('order-9', 'lock.won', { ...of, attempt: 1, fencingToken: book.token() });
    for (let index = 0; index < 5; index += 1) {
      book.later(1_000).healthy(`then-${index}`);
      services.orders[`then-${index}`] = 'CONFIRMED';
    }
  });

  test.each(['CONFIRMED', 'REJECTED'])('is proved by the record that says %s', async (state) => {
    services.orders.k = state;
    expect((await asked()).found.unproven).toBeUndefined();
  });

  test.each(['PENDING', 'FAILED', undefined])('is not proved by one that says %s', async (state) => {
    services.orders.k = state;
    expect((await asked()).found).toMatchObject({ unproven: 1 });
  });
});

test('the event of a death whose pod was killed before its line is proved by the record of a dead letter', async () => {
  book.accepted('k');
  const claim = book.won('inventory-1', 'k');
  book.inventory('inventory-1', 'message.dead', 'k', { ...claim, reason: 'X', outcome: 'dead' });
  const messageId = `k:inventory:d${claim.fencingToken}:0`;
  const of = { messageId, channel: 'order_results', group: 'order' };
  book.line('order-9', 'lock.won', { ...of, attempt: 1, fencingToken: book.token() });
  for (let index = 0; index < 5; index += 1) {
    book.later(1_000).healthy(`then-${index}`);
    services.orders[`then-${index}`] = 'CONFIRMED';
  }
  services.orders.k = 'FAILED';
  expect((await asked()).found).toEqual({});
  services.orders.k = 'PENDING';
  expect((await asked()).found).toMatchObject({ unproven: 1 });
});

test('a lost message is no less lost because the store is asked', async () => {
  book.accepted('gone');
  services.orders.gone = 'PENDING';
  expect((await asked()).told).toMatchObject([{ kind: 'lost', id: 'gone' }]);
});

test('two effects are two effects, whatever the store says', async () => {
  book.healthy('twice');
  services.orders.twice = 'CONFIRMED';
  book.processed('inventory-2', 'twice', book.won('inventory-2', 'twice'));
  expect((await asked()).found).toEqual({ duplicated: 1 });
});

test.each(['REJECTED', 'FAILED', 'PENDING', undefined])(
  'processed in the logs and %s in the store is a contradiction',
  async (state) => {
    if (state === undefined) delete services.orders['ok-3'];
    else services.orders['ok-3'] = state;
    expect((await asked()).told).toMatchObject([{ kind: 'contradiction', id: 'ok-3' }]);
  },
);

test('an order that the store has a record of was accepted, though its line is missing', async () => {
  book.processed('inventory-1', 'unlogged', book.won('inventory-1', 'unlogged'));
  expect((await asked()).found).toEqual({ phantom: 1 });
  services.orders.unlogged = 'CONFIRMED';
  const { found, certificate } = await asked();
  expect(found).toEqual({});
  expect(certificate.store.acceptancesProved).toBe(1);
});

test.each(['REJECTED', 'FAILED', 'PENDING'])(
  'accepted without a line, processed in the logs and %s in the store is a contradiction',
  async (state) => {
    book.processed('inventory-1', 'unlogged', book.won('inventory-1', 'unlogged'));
    services.orders.unlogged = state;
    expect((await asked()).told).toMatchObject([{ kind: 'contradiction', id: 'unlogged' }]);
  },
);

test('so it is when only a repeat, or half a line, says that it was accepted', async () => {
  for (const id of ['again', 'torn']) {
    book.processed('inventory-1', id, book.won('inventory-1', id));
    services.orders[id] = 'REJECTED';
  }
  book.line('order-1', 'message.duplicate', { messageId: 'again', channel: 'order_updates' });
  const line = book.accepted('torn');
  book.pods.get('order-1')?.pop();
  book.raw('order-1', line.slice(0, line.indexOf(',"channel"')));
  expect((await asked()).found).toEqual({ contradiction: 2 });
});

test('what only a result tells of an order that nobody accepted is proved by its record', async () => {
  book.result('ghost:inventory:0');
  expect((await judged(book.files)).found).toEqual({ phantom: 1 });
  expect((await asked()).found).toEqual({ phantom: 1 });
  services.orders.ghost = 'PENDING';
  expect((await asked()).found).toEqual({ contradiction: 1 });
  services.orders.ghost = 'REJECTED';
  expect((await asked()).found).toEqual({});
});

test('the store is asked about each of thousands of which the logs say nothing but that they were accepted', async () => {
  for (let index = 0; index < 1_500; index += 1) {
    book.accepted(`m-${index}`);
    services.orders[`m-${index}`] = 'CONFIRMED';
  }
  expect((await asked()).found).toEqual({});
  delete services.orders['m-1400'];
  expect((await asked()).told).toMatchObject([{ kind: 'lost', id: 'm-1400' }]);
});

test('it is asked about as many orders as --ask says', async () => {
  for (let index = 0; index < 10_100; index += 1) book.accepted(`many-${index}`);
  const { verdict } = await judged(book.files, { args: ['--ask', '10050'] });
  expect(verdict.books.acceptedIds).toHaveLength(10_050);
});

test('a service that is away for a moment is asked again; one that stays away proves nothing', async () => {
  services.broken = 2;
  expect((await asked()).found).toEqual({});
  services.broken = 1_000;
  await expect(asked({ args: ['--ask', '1'] })).rejects.toThrow('cannot be asked');
});
