import { beforeEach, describe, expect, test } from '@jest/globals';
import { judged } from './testing/judged.mjs';
import { LogBook } from './testing/log-book.mjs';

// Violations that somebody hides, and harmless things that look like violations. The plain ones are in
// planted-violations.spec.mjs and healthy-histories.spec.mjs.

/** @type {LogBook} */
let book;
beforeEach(() => {
  book = new LogBook();
  for (let index = 0; index < 12; index += 1)
    book.healthy(`ok-${index}`, { winner: `inventory-${1 + (index % 3)}` });
});

const found = async (how) => (await judged(book.files, how)).found;
const without = (pod, part) => {
  book.pods.set(
    pod,
    (book.pods.get(pod) ?? []).filter((line) => !line.includes(part)),
  );
};
const lineOf = (pod, ...parts) =>
  book.pods.get(pod)?.find((line) => parts.every((part) => line.includes(part))) ?? '';
const list = (...orders) => orders.map((order) => JSON.stringify(order)).join('\n');

describe('violations that are hidden', () => {
  test('one claim, two pods that tell its effect', async () => {
    const claim = book.healthy('x');
    book.processed('inventory-2', 'x', claim);
    expect(await found()).toEqual({ duplicated: 1, unclaimed: 1 });
  });

  test('a claim of another message settles this one', async () => {
    book.accepted('x');
    book.processed('inventory-1', 'x', book.won('inventory-1', 'ok-1', { attempt: 2 }));
    expect((await judged(book.files)).found).toMatchObject({ unclaimed: 1 });
  });

  test('two effects, the later one under the older token', async () => {
    book.accepted('x');
    const old = book.won('inventory-1', 'x');
    book.processed(
      'inventory-2',
      'x',
      book.takesOver('inventory-2', 'x', { from: 'inventory-1', attempt: 2 }),
    );
    book.later(100).processed('inventory-1', 'x', old);
    expect(await found()).toEqual({ duplicated: 1 });
  });

  test('the older token commits alone, when the newer one was given back', async () => {
    book.accepted('x');
    const old = book.won('inventory-1', 'x');
    const next = book.takesOver('inventory-2', 'x', { from: 'inventory-1', attempt: 2 });
    book.inventory('inventory-2', 'message.released', 'x', next);
    book.processed('inventory-1', 'x', old);
    expect(await found()).toEqual({ 'stale-token': 1 });
  });

  test('a pod settles under a claim that had failed, in whichever order that is read', async () => {
    book.accepted('x');
    const claim = book.won('inventory-1', 'x');
    book.inventory('inventory-1', 'message.retry', 'x', { ...claim, reason: 'X' });
    book.processed('inventory-1', 'x', claim);
    expect(await found()).toEqual({ unclaimed: 1 });
    const reversed = book.files.map((text) => text.trim().split('\n').reverse().join('\n'));
    expect((await judged(reversed)).found).toEqual({ unclaimed: 1 });
  });

  test('an effect, and a dead letter of a later attempt', async () => {
    book.healthy('x');
    book.inventory('inventory-2', 'message.dead', 'x', {
      ...book.won('inventory-2', 'x', { attempt: 2 }),
      reason: 'X',
      outcome: 'dead',
    });
    expect(await found()).toMatchObject({ 'dead-and-settled': 1 });
  });

  test('a dead letter told by two pods', async () => {
    book.accepted('x');
    const claim = book.won('inventory-1', 'x', { attempt: 6 });
    for (const pod of ['inventory-1', 'inventory-2'])
      book.inventory(pod, 'message.dead', 'x', { ...claim, reason: 'X', outcome: 'dead' });
    expect(await found()).toEqual({ 'dead-and-settled': 1, unclaimed: 1 });
  });

  test('rejected twice', async () => {
    const claim = book.healthy('x', { outcome: 'rejected' });
    book.inventory('inventory-1', 'message.rejected', 'x', { ...claim, durationMs: 9, outcome: 'rejected' });
    expect(await found()).toEqual({ duplicated: 1 });
  });

  test('a line that says two things: processed, with the outcome rejected', async () => {
    book.accepted('x');
    const claim = book.won('inventory-1', 'x');
    book.inventory('inventory-1', 'message.processed', 'x', { ...claim, outcome: 'rejected' });
    expect(await found()).toEqual({ contradiction: 1 });
  });

  test('a replica that comes back under its old name commits what its former life had committed', async () => {
    book.line('inventory-1', 'service.started');
    book.healthy('x');
    book.line('inventory-1', 'service.started');
    book.processed('inventory-1', 'x', book.won('inventory-1', 'x', { attempt: 2 }));
    expect(await found()).toEqual({ duplicated: 1 });
  });

  test('twice in one of two groups', async () => {
    book.healthy('x');
    const of = { messageId: 'x', channel: 'order_updates', group: 'mail' };
    for (const attempt of [1, 2]) {
      const claim = { attempt, fencingToken: book.token() };
      book.line('mail-1', 'lock.won', { ...of, ...claim });
      book.line('mail-1', 'message.processed', { ...of, ...claim, outcome: 'confirmed' });
    }
    const { told } = await judged(book.files);
    expect(told.filter(({ kind }) => kind === 'duplicated')).toMatchObject([{ id: 'x', group: 'mail' }]);
  });

  test('accepted under one id, settled under the same in other letters', async () => {
    book.accepted('Order-X');
    book.processed('inventory-1', 'order-x', book.won('inventory-1', 'order-x'));
    const { found: kinds, told } = await judged(book.files);
    expect(kinds).toEqual({ lost: 1, phantom: 1 });
    expect(told.map(({ id }) => id)).toEqual(['Order-X', 'order-x']);
  });

  test.each([
    ['a space behind', 'x '],
    ['another form of the same letter', 'cafe\u0301'],
    ['a letter that only looks alike', '\u0445'],
    ['a zero character', 'x\u0000'],
  ])('accepted under one id, settled under one with %s', async (_, other) => {
    const id = other.startsWith('caf') ? 'caf\u00e9' : 'x';
    book.accepted(id);
    book.processed('inventory-1', other, book.won('inventory-1', other));
    expect(await found()).toEqual({ lost: 1, phantom: 1 });
  });

  test('accepted twice with different bodies, each told by another pod', async () => {
    book.healthy('x');
    book.accepted('x', 'order-2');
    const items = (id) => [{ id, quantity: 1 }];
    const accepted = list({ orderId: 'x', items: items('tea') }, { orderId: 'x', items: items('pot') });
    expect(await found({ write: { accepted } })).toEqual({ 'accepted-twice': 2 });
  });

  test('refused to the client, and accepted and settled behind its back', async () => {
    book.healthy('x');
    const accepted = list({ orderId: 'x', accepted: false });
    const { found: kinds, told } = await judged(book.files, { write: { accepted } });
    expect(kinds).toEqual({ contradiction: 1 });
    expect(told).toMatchObject([{ id: 'x' }]);
    // Refused with other items, and accepted with its own: one id, two answers, both true.
    expect(await found({ write: { accepted: `${accepted}\n${list({ orderId: 'x' })}` } })).toEqual({});
  });

  test('late, by the deadline and by nothing else', async () => {
    book.accepted('x');
    const claim = book.won('inventory-1', 'x');
    book.later(61_000).processed('inventory-1', 'x', claim);
    book.result('x:inventory:0');
    expect(await found()).toEqual({ late: 1 });
  });

  test('an order of which only its result is left, and that result is rejected', async () => {
    book.accepted('x');
    const of = { messageId: 'x:inventory:0', channel: 'order_results', group: 'order' };
    const claim = { attempt: 1, fencingToken: book.token() };
    book.line('order-1', 'lock.won', { ...of, ...claim });
    book.line('order-1', 'message.rejected', { ...of, ...claim, outcome: 'rejected' });
    book.line('order-1', 'message.processed', { ...of, ...claim, outcome: 'confirmed' });
    expect(await found()).toEqual({ duplicated: 1 });
  });

  test('a message counts once in the totals, whatever is wrong with it', async () => {
    const claim = book.healthy('x');
    book.processed('inventory-1', 'x', claim);
    const ghost = book.won('inventory-2', 'ghost');
    book.processed('inventory-2', 'ghost', ghost);
    book.later(5).processed('inventory-2', 'ghost', ghost);
    const { certificate, found: kinds } = await judged(book.files);
    expect(kinds).toEqual({ duplicated: 2, phantom: 1 });
    expect(certificate.groups[0]).toMatchObject({ accepted: 13, processed: 14 });
  });
});

describe('stock', () => {
  const tea = (quantity) => [{ id: 'tea', quantity }];
  const orders = () =>
    list(...Array.from({ length: 12 }, (_, index) => ({ orderId: `ok-${index}`, items: tea(2) })));
  const set = (quantity, previous, item = 'tea') =>
    book.line('inventory-1', 'stock.set', { item, quantity, previous });

  test('moved by an order that was rejected', async () => {
    book.healthy('no', { outcome: 'rejected' });
    const accepted = `${orders()}\n${list({ orderId: 'no', items: tea(5) })}`;
    const write = { accepted, 'start-stock': '{"tea":100}', 'end-stock': '{"tea":71}' };
    expect(await found({ write })).toEqual({ stock: 1 });
  });

  test('set by hand while orders come in is told apart from what they take', async () => {
    set(80, 90);
    set(70, 60);
    const write = { accepted: orders(), 'start-stock': '{"tea":100}' };
    expect(await found({ write: { ...write, 'end-stock': '{"tea":76}' } })).toEqual({});
    expect(await found({ write: { ...write, 'end-stock': '{"tea":75}' } })).toEqual({ stock: 1 });
  });

  test('set before the first order is the start, whether that is given or only logged', async () => {
    const fresh = new LogBook();
    fresh.line('inventory-1', 'stock.set', { item: 'tea', quantity: 50, previous: null });
    fresh.line('inventory-1', 'stock.set', { item: 'tea', quantity: 100, previous: 50 });
    for (let index = 0; index < 12; index += 1) fresh.healthy(`ok-${index}`);
    const end = { accepted: orders(), 'end-stock': '{"tea":76}' };
    const { found: kinds, certificate } = await judged(fresh.files, { write: end });
    expect(kinds).toEqual({});
    expect(certificate.stock).toMatchObject({ items: 1, right: 1 });
    expect((await judged(fresh.files, { write: { ...end, 'start-stock': '{"tea":100}' } })).found).toEqual(
      {},
    );
    const wrong = { ...end, 'end-stock': '{"tea":75}' };
    expect((await judged(fresh.files, { write: wrong })).found).toEqual({ stock: 1 });
  });

  test('the line of a setting delivered twice is one setting', async () => {
    set(110, 100);
    const text = book.files.map((file) => file + file);
    const write = { accepted: orders(), 'start-stock': '{"tea":100}', 'end-stock': '{"tea":86}' };
    expect((await judged(text, { write })).found).toEqual({});
  });

  test('below zero in between, and filled up again before anybody looked', async () => {
    set(100, -3);
    const write = { accepted: orders(), 'start-stock': '{"tea":100}', 'end-stock': '{"tea":179}' };
    expect(await found({ write })).toEqual({ 'stock-negative': 1 });
  });

  test('of effects whose items nobody told is open, not wrong, unless more is left than there was', async () => {
    book.healthy('by-hand');
    const write = { accepted: orders(), 'start-stock': '{"tea":100}' };
    expect(await found({ write: { ...write, 'end-stock': '{"tea":75}' } })).toEqual({ unproven: 1 });
    expect(await found({ write: { ...write, 'end-stock': '{"tea":77}' } })).toEqual({ stock: 1 });
  });
});

describe('what is no violation', () => {
  test('an order injected by hand through inventory is accepted as any other', async () => {
    book.accepted('by-hand', 'inventory-2');
    book.processed('inventory-1', 'by-hand', book.won('inventory-1', 'by-hand'));
    book.line('inventory-2', 'message.duplicate', { messageId: 'by-hand', channel: 'order_updates' });
    expect(await found()).toEqual({});
  });

  test('a replica that comes back under its old name takes over from itself', async () => {
    book.line('inventory-1', 'service.started');
    book.accepted('x');
    book.won('inventory-1', 'x');
    book.line('inventory-1', 'service.started');
    book.processed(
      'inventory-1',
      'x',
      book.takesOver('inventory-1', 'x', { from: 'inventory-1', attempt: 2 }),
    );
    expect(await found()).toEqual({});
    const reversed = book.files.map((text) => text.trim().split('\n').reverse().join('\n'));
    expect((await judged(reversed)).found).toEqual({});
  });

  test.each([
    ['ahead', 3_600_000],
    ['behind', -3_600_000],
  ])('the clocks of the consumers are an hour %s: nobody waited longer for it', async (_, ms) => {
    const files = [...book.pods].map(([pod, lines]) =>
      pod === 'order-1'
        ? lines.join('\n')
        : lines
            .map((line) =>
              line.replace(
                /"time":"([^"]+)"/,
                (__, time) => `"time":"${new Date(Date.parse(time) + ms).toISOString()}"`,
              ),
            )
            .join('\n'),
    );
    for (const order of [
      files,
      [...files].reverse(),
      [files.join('\n')],
      [[...files].reverse().join('\n')],
    ]) {
      const { found: kinds, certificate } = await judged(order, { args: ['--max-wait', '1s'] });
      expect(kinds).toEqual({});
      expect(certificate.waits.clocksDifferByMs).toBeGreaterThan(3_599_000);
    }
  });

  test('a clock that is ahead hides no message that waited', async () => {
    book.accepted('slow');
    book.processed('inventory-1', 'slow', book.later(20_000).won('inventory-1', 'slow'));
    book.result('slow:inventory:0');
    const files = book.files.map((text, index) =>
      index === 0 ? text : text.replaceAll(/T02:3(\d):/g, (_, minute) => `T03:3${minute}:`),
    );
    expect((await judged(files, { args: ['--max-wait', '10s'] })).found).toEqual({ late: 1 });
  });

  test('a pod that leaves gives back what it is about to commit, and the commit was first', async () => {
    book.accepted('x');
    const claim = book.won('inventory-1', 'x');
    book.inventory('inventory-1', 'message.released', 'x', claim);
    book.processed('inventory-1', 'x', claim);
    expect(await found()).toEqual({});
  });

  test('settled before it was accepted, as the lines stand', async () => {
    book.processed('inventory-1', 'x', book.won('inventory-1', 'x'));
    book.later(300).accepted('x');
    expect(await found()).toEqual({});
  });

  test('a line torn in the middle, and delivered again as a whole, behind a prefix', async () => {
    const effect = lineOf('inventory-1', 'message.processed', 'ok-3"');
    book.raw('inventory-1', effect.slice(0, 150));
    book.raw('inventory-1', effect.slice(150));
    book.raw('inventory-1', `[pod/inventory-1/inventory] 2026-11-21T02:34:01.123456789Z ${effect}`);
    expect(await found()).toEqual({});
  });

  test('the log of a pod of order is lost: the list, or a repeat, or the store have to tell what it accepted', async () => {
    book.accepted('x', 'order-2');
    book.processed('inventory-1', 'x', book.won('inventory-1', 'x'));
    book.pods.delete('order-2');
    expect(await found()).toEqual({ phantom: 1 });
    expect(await found({ write: { accepted: 'x\n' } })).toEqual({});
  });

  test('every line in reverse', async () => {
    const claim = book.won('inventory-2', 'r');
    book.accepted('r');
    book.inventory('inventory-2', 'message.retry', 'r', { ...claim, reason: 'X', retryInMs: 5 });
    book.processed('inventory-1', 'r', book.won('inventory-1', 'r', { attempt: 2 }));
    const text = book.files.join('').trim().split('\n').reverse().join('\n');
    expect((await judged([text])).found).toEqual({});
  });

  test.each([
    ['attempts', (line) => line.replaceAll(/"attempt":(\d+)/g, '"attempt":"$1"')],
    ['durations', (line) => line.replaceAll(/"durationMs":(\d+)/g, '"durationMs":"$1"')],
    ['times', (line) => line.replaceAll(/"time":"([^"]+)"/g, (_, time) => `"time":"${Date.parse(time)}"`)],
    [
      'seconds',
      (line) => line.replaceAll(/"time":"([^"]+)"/g, (_, time) => `"time":"${Date.parse(time) / 1_000}"`),
    ],
  ])('%s written as texts', async (_, change) => {
    const { found: kinds, certificate } = await judged(book.files.map(change), {
      args: ['--max-wait', '1s'],
    });
    expect(kinds).toEqual({});
    expect(certificate.range.from).toMatch(/^2026-11-21T02:34/);
    // And they are compared as numbers.
    book.accepted('y');
    const claim = book.won('inventory-1', 'y');
    book.processed('inventory-1', 'y', { ...claim, attempt: 2 });
    expect((await judged(book.files.map(change))).found).toEqual({ unclaimed: 1 });
  });
});

describe('how lines come', () => {
  const proved = async (files) => {
    const { found: kinds, certificate } = await judged(files);
    expect(kinds).toEqual({});
    expect(certificate.groups[0]).toMatchObject({ accepted: 12, processed: 12 });
    expect(certificate.lines).toMatchObject({ broken: 0, foreign: 0 });
  };
  const each = (change) => book.files.map((text) => `${text.trim().split('\n').map(change).join('\n')}\n`);

  test('as Datadog’s API exports them', async () => {
    await proved(
      each((line, index) => {
        const { level, time, service, msg, ...attributes } = JSON.parse(line);
        const about = { status: level, timestamp: time, service, message: msg ?? '', tags: [], attributes };
        return JSON.stringify({ id: `AAA${index}`, type: 'log', attributes: about });
      }),
    );
  });

  test('as Datadog’s archives hold them', async () => {
    await proved(
      each((line, index) => {
        const { level, time, service, ...attributes } = JSON.parse(line);
        return JSON.stringify({
          _id: `A${index}`,
          date: time,
          status: level,
          service,
          attributes,
          source: 'nodejs',
        });
      }),
    );
  });

  test('in UTF-16, in pieces that cut its characters', async () => {
    const files = book.files.map((text) => Buffer.from(`\uFEFF${text.replaceAll('\n', '\r\n')}`, 'utf16le'));
    const { found: kinds, certificate } = await judged(files, { chunkBytes: 333 });
    expect(kinds).toEqual({});
    expect(certificate.groups[0]).toMatchObject({ accepted: 12, processed: 12 });
  });

  test('behind the zeros of a file that was cut while its writer went on', async () => {
    await proved(book.files.map((text) => `${'\0'.repeat(100_000)}${text}`));
  });

  test('behind a byte order mark in the middle, and before a prefix', async () => {
    await proved(each((line, index) => (index % 2 ? `\uFEFF${line}` : `\uFEFFinventory-1  | ${line}`)));
  });

  test.each([
    ['a Swarm service', (line) => `shop_inventory.1.x2k9@node-3    | ${line}`],
    [
      'kubectl with pod and time',
      (line) => `[pod/inventory-5d9f7b-x2x/inventory] 2026-11-21T02:34:01.1Z ${line}`,
    ],
  ])('with the prefix of %s', async (_, prefixed) => {
    await proved(each(prefixed));
  });

  test('with a setting of stock that says nothing usable', async () => {
    book.line('inventory-1', 'stock.set', { item: 'tea' });
    book.line('inventory-1', 'stock.set', { item: 7, quantity: 'many', previous: {} });
    const { found: kinds, certificate } = await judged(book.files);
    expect(kinds).toEqual({});
    expect(certificate.lines.broken).toBe(2);
  });

  test('with times that are no times, and would have no end', async () => {
    for (const time of ['1e999', '-1', '1e300', '"never"', '{}', '8640000000000001000'])
      book.raw(
        'inventory-1',
        `{"level":"info","time":${time},"service":"inventory","pod":"inventory-1","event":"service.started"}`,
      );
    const { certificate } = await judged(book.files);
    expect(certificate.range.from).toMatch(/^2026-11-21/);
  });

  test('with a line of a megabyte that begins a thousand objects and ends none', async () => {
    const endless = '{"level":'.repeat(110_000);
    const began = performance.now();
    const { found: kinds, certificate } = await judged(book.files.map((text) => `${endless}\n${text}`));
    expect(kinds).toEqual({});
    expect(certificate.lines.broken).toBe(book.files.length);
    // Quadratic would be hours: this is no measurement.
    expect(performance.now() - began).toBeLessThan(60_000);
  });

  test('with thousands of closing and opening braces', async () => {
    const deep = `{"level":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    expect((await judged(book.files.map((text) => `${deep}\n${text}`))).found).toEqual({});
  });

  test('without the lines of one consumer: what only it settled is unproven or stuck, never proved', async () => {
    without('order-1', ':inventory:0');
    book.pods.delete('inventory-3');
    expect(await found()).toEqual({ lost: 4 });
  });
});
