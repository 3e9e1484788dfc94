import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { judged } from '../testing/judged.mjs';
import { LogBook } from '../testing/log-book.mjs';
import { RespReader } from './resp-reader.mjs';

/** Stands in for Redis: the commands of the oracle on what it was given. */
class RedisStandIn {
  stock = {};
  orders = {};
  log = [];
  password = '';
  seen = [];

  async start() {
    this.server = createServer((socket) => {
      const reader = new RespReader();
      socket.on('data', (chunk) => {
        for (const command of reader.feed(chunk)) socket.write(this.#reply(command));
      });
    });
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.port = this.server.address().port;
  }

  #reply([command, ...args]) {
    this.seen.push([command, ...args]);
    const bulk = (value) =>
      value === undefined ? '$-1\r\n' : `$${Buffer.byteLength(value)}\r\n${value}\r\n`;
    const array = (list) => `*${list.length}\r\n${list.join('')}`;
    switch (command) {
      case 'AUTH':
        return args.at(-1) === this.password ? '+OK\r\n' : '-WRONGPASS no\r\n';
      case 'HSCAN':
        return array([bulk('0'), array(Object.entries(this.stock).flat().map(String).map(bulk))]);
      case 'SCAN': {
        const keys = Object.keys(this.orders).map((id) => `{shop}:order:${id}`);
        const first = args[0] === '0';
        return array([bulk(first ? '7' : '0'), array((first ? keys.slice(0, 2) : keys.slice(2)).map(bulk))]);
      }
      case 'HMGET': {
        const order = this.orders[args[0].slice('{shop}:order:'.length)] ?? {};
        return array(args.slice(1).map((name) => bulk(order[name])));
      }
      case 'XRANGE':
        return array(
          this.log.map((id, index) =>
            array([bulk(`${index}-0`), array([bulk('m'), bulk(`h1 ${id}\t${id}\t\t{}`)])]),
          ),
        );
      default:
        return '-ERR unknown\r\n';
    }
  }

  stop() {
    return new Promise((resolve) => this.server.close(resolve));
  }
}

/** @type {RedisStandIn} */
let redis;
/** @type {LogBook} */
let book;
beforeEach(async () => {
  redis = new RedisStandIn();
  await redis.start();
  book = new LogBook();
  for (let index = 0; index < 5; index += 1) {
    book.healthy(`ok-${index}`);
    redis.orders[`ok-${index}`] = { status: 'CONFIRMED', items: '[{"id":"tea","quantity":2}]' };
  }
  redis.stock = { tea: 90 };
});
afterEach(() => redis.stop());

const asked = (how = {}) =>
  judged(book.files, {
    write: { 'start-stock': '{"tea":100}' },
    ...how,
    args: ['--redis-url', `redis://127.0.0.1:${redis.port}`],
  });

test('stock, records and logs that agree are proved, without a list of orders', async () => {
  const { found, certificate } = await asked();
  expect(found).toEqual({});
  expect(certificate).toMatchObject({
    stock: { items: 1, right: 1, unitsTaken: 10 },
    store: { agreed: 5 },
    notJudged: [],
  });
});

test('an order that is on the list and in the logs is asked about once', async () => {
  const accepted = Object.keys(redis.orders).join('\n');
  const { certificate } = await asked({ write: { accepted } });
  expect(certificate.store).toMatchObject({ asked: 5, agreed: 5 });
});

test('stock that is off by one is found', async () => {
  redis.stock.tea = 91;
  expect((await asked()).found).toEqual({ stock: 1 });
});

test('an order of which only the store knows is lost when it is in no backlog, and stuck when it is', async () => {
  redis.orders.silent = { status: 'PENDING', items: '[{"id":"tea","quantity":2}]' };
  expect((await asked()).told).toMatchObject([{ kind: 'lost' }]);
  book.accepted('silent');
  expect((await asked()).told).toMatchObject([{ kind: 'lost', id: 'silent' }]);
  redis.log = ['silent'];
  expect((await asked()).told).toMatchObject([{ kind: 'stuck', id: 'silent' }]);
});

test('user and password go with the URL, and a refusal is told', async () => {
  redis.password = 'se:cret';
  const url = (password) => `redis://judge:${encodeURIComponent(password)}@127.0.0.1:${redis.port}`;
  expect((await judged(book.files, { args: ['--redis-url', url('se:cret')] })).found).toEqual({});
  await expect(judged(book.files, { args: ['--redis-url', url('wrong')] })).rejects.toThrow('WRONGPASS');
});

test('only reading commands are sent', async () => {
  await asked();
  expect(new Set(redis.seen.map(([command]) => command))).toEqual(new Set(['SCAN', 'HSCAN', 'HMGET']));
});

describe('replies', () => {
  const bytes = Buffer.from('*3\r\n$5\r\nü☃\r\n:12\r\n*2\r\n$-1\r\n+OK\r\n-ERR no\r\n$0\r\n\r\n*-1\r\n');

  test('are read the same however they are cut', () => {
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const reader = new RespReader();
      const replies = [...reader.feed(bytes.subarray(0, cut)), ...reader.feed(bytes.subarray(cut))];
      expect(replies).toEqual([['ü☃', 12, [null, 'OK']], new Error('ERR no'), '', null]);
    }
  });

  test('of something that is no Redis are told', () => {
    expect(() => new RespReader().feed(Buffer.from('HTTP/1.1 400\r\n'))).toThrow('no Redis');
  });
});
