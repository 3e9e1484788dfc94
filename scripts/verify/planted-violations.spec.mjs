import { beforeEach, describe, expect, test } from '@jest/globals';
import { judged } from './testing/judged.mjs';
import { LogBook } from './testing/log-book.mjs';

/** @type {LogBook} */
let book;
beforeEach(() => {
  book = new LogBook();
  for (let index = 0; index < 20; index += 1)
    book.healthy(`ok-${index}`, { winner: `inventory-${1 + (index % 3)}` });
});

const found = async (how) => (await judged(book.files, how)).found;

describe('more than one effect', () => {
  test('a second effect in the same pod is found', async () => {
    const claim = book.healthy('twice');
    book.processed('inventory-1', 'twice', claim);
    expect(await found()).toEqual({ duplicated: 1 });
  });

  test('a second effect in another pod that claimed it, too, is found', async () => {
    book.healthy('twice');
    book.processed('inventory-2', 'twice', book.won('inventory-2', 'twice'));
    const { told } = await judged(book.files);
    expect(told).toMatchObject([{ kind: 'duplicated', id: 'twice', group: 'inventory' }]);
  });

  test('its lines are shown, from every pod', async () => {
    book.healthy('twice');
    book.processed('inventory-2', 'twice', book.won('inventory-2', 'twice'));
    const [{ lines }] = (await judged(book.files)).told;
    const effects = lines
      .map((line) => JSON.parse(line))
      .filter(({ event }) => event === 'message.processed');
    expect(effects.map(({ pod }) => pod).sort()).toEqual(['inventory-1', 'inventory-2']);
  });

  test('a second effect long after the first is found', async () => {
    book.healthy('early');
    for (let index = 0; index < 5_000; index += 1) book.healthy(`between-${index}`);
    book.processed('inventory-3', 'early', book.won('inventory-3', 'early', { attempt: 2 }));
    expect(await found()).toEqual({ duplicated: 1 });
  });

  test('three effects are one violation of one message', async () => {
    book.healthy('thrice');
    for (const pod of ['inventory-2', 'inventory-3']) book.processed(pod, 'thrice', book.won(pod, 'thrice'));
    const { told } = await judged(book.files);
    expect(told.map(({ detail }) => detail)).toEqual(['took effect 3 times in 3 pods']);
  });

  test('processed and rejected is a contradiction, whichever came first', async () => {
    const claim = book.healthy('both');
    book.inventory('inventory-1', 'message.rejected', 'both', { ...claim, outcome: 'rejected', reason: 'X' });
    const other = book.healthy('both-2', { outcome: 'rejected' });
    book.processed('inventory-1', 'both-2', other);
    expect(await found()).toEqual({ duplicated: 2 });
  });

  test('a second effect in the results group counts as well', async () => {
    book.healthy('a');
    book.result('a:inventory:0');
    expect(await found()).toEqual({ duplicated: 1 });
  });

  test('told not to expect a log shipper, it takes the same line twice for two effects', async () => {
    const claim = book.healthy('shipped');
    const line = book.processed('inventory-1', 'other', claim);
    book.pods.get('inventory-1')?.pop();
    const effect = book.pods
      .get('inventory-1')
      ?.find((text) => text.includes('message.processed') && text.includes('shipped'));
    book.raw('inventory-1', effect ?? line);
    expect(await found()).toEqual({});
    expect(await found({ args: ['--strict-lines'] })).toEqual({ duplicated: 1 });
  });
});

describe('fencing tokens and claims', () => {
  test('an effect under a token older than one already won is stale', async () => {
    book.accepted('s');
    const old = book.won('inventory-1', 's');
    book.takesOver('inventory-2', 's', { from: 'inventory-1', attempt: 2 });
    book.processed('inventory-1', 's', old);
    expect(await found()).toEqual({ 'stale-token': 1 });
  });

  test('it is stale also when the line of the newer claim is read long after the effect', async () => {
    book.accepted('s');
    book.processed('inventory-1', 's', book.won('inventory-1', 's'));
    for (let index = 0; index < 200; index += 1) book.healthy(`between-${index}`);
    book.won('inventory-2', 's', { attempt: 2 });
    expect(await found()).toEqual({ 'stale-token': 1 });
  });

  test('tokens beyond 2^53, that differ in the last digit only, are told apart', async () => {
    book.accepted('big');
    const old = book.won('inventory-1', 'big', { token: '9007199254740993' });
    book.won('inventory-2', 'big', { token: '9007199254740994', attempt: 2 });
    book.processed('inventory-1', 'big', old);
    book.accepted('huge');
    const older = book.won('inventory-1', 'huge', { token: '118446744073709551616000' });
    book.won('inventory-2', 'huge', { token: '118446744073709551616001', attempt: 2 });
    book.processed('inventory-1', 'huge', older);
    expect(await found()).toEqual({ 'stale-token': 2 });
  });

  test('an effect without any claim is found', async () => {
    book.accepted('u');
    book.processed('inventory-1', 'u', { attempt: 1, fencingToken: book.token() });
    expect(await found()).toEqual({ unclaimed: 1 });
  });

  test('an effect under the claim of another pod is found', async () => {
    book.accepted('u');
    book.processed('inventory-2', 'u', book.won('inventory-1', 'u'));
    expect(await found()).toEqual({ unclaimed: 1 });
  });

  test.each([[undefined], [''], ['abc'], [-1], [1.5], [null]])(
    'an effect under the token %j is found',
    async (fencingToken) => {
      book.accepted('u');
      book.won('inventory-1', 'u');
      book.processed('inventory-1', 'u', { attempt: 1, fencingToken });
      expect(await found()).toEqual({ unclaimed: 1 });
    },
  );

  test('an effect in another attempt than the one claimed is found', async () => {
    book.accepted('u');
    const claim = book.won('inventory-1', 'u');
    book.processed('inventory-1', 'u', { ...claim, attempt: 2 });
    expect(await found()).toEqual({ unclaimed: 1 });
  });

  test('one token won by two pods is found', async () => {
    book.accepted('t');
    const claim = book.won('inventory-1', 't');
    book.won('inventory-2', 't', { token: claim.fencingToken });
    book.processed('inventory-1', 't', claim);
    expect(await found()).toEqual({ 'shared-token': 1 });
  });

  test('one token won by two pods is found also when the second line comes after the effect', async () => {
    const claim = book.healthy('t');
    book.won('inventory-2', 't', { token: claim.fencingToken });
    expect(await found()).toEqual({ 'shared-token': 1 });
  });
});

describe('messages that are missing', () => {
  test('accepted, and not heard of again: lost', async () => {
    book.accepted('gone');
    const { told } = await judged(book.files);
    expect(told).toMatchObject([
      { kind: 'lost', id: 'gone', lines: [expect.stringContaining('order.accepted')] },
    ]);
  });

  test('heard by all and won by none: lost', async () => {
    book.accepted('gone');
    for (const pod of ['inventory-1', 'inventory-2']) book.inventory(pod, 'message.received', 'gone');
    expect(await found()).toEqual({ lost: 1 });
  });

  test('on the list of accepted orders, and in no log at all: lost, and named', async () => {
    const { told } = await judged(book.files, { write: { accepted: 'ok-1\nnever-logged\n' } });
    expect(told).toMatchObject([{ kind: 'lost', id: 'never-logged' }]);
  });

  test('no pod of the consumers logged anything, and no result came: everything is lost', async () => {
    book.pods.delete('inventory-1');
    book.pods.delete('inventory-2');
    book.pods.delete('inventory-3');
    const lines = book.pods.get('order-1') ?? [];
    book.pods.set(
      'order-1',
      lines.filter((line) => line.includes('order.accepted')),
    );
    expect(await found()).toEqual({ lost: 20 });
  });

  test('won by a pod that lives on and says no more about it: stuck', async () => {
    book.accepted('s');
    book.won('inventory-1', 's');
    for (let index = 0; index < 50; index += 1) book.later(100).healthy(`after-${index}`);
    expect(await found()).toEqual({ stuck: 1 });
  });

  test('failed, to be tried again, and never tried again: stuck', async () => {
    book.accepted('s');
    const claim = book.won('inventory-1', 's');
    book.inventory('inventory-1', 'message.retry', 's', { ...claim, reason: 'X', retryInMs: 50 });
    expect(await found()).toEqual({ stuck: 1 });
  });

  test('a result that was claimed and never processed is stuck, too', async () => {
    const of = { messageId: 'ok-1:inventory:1', channel: 'order_results', group: 'order' };
    book.line('order-1', 'lock.won', { ...of, attempt: 1, fencingToken: book.token() });
    expect(await found()).toEqual({ stuck: 1 });
  });

  test('its pod was killed holding it and nobody took it over: unproven, since it may have committed', async () => {
    book.accepted('k');
    book.won('inventory-2', 'k');
    for (let index = 0; index < 50; index += 1)
      book.later(100).healthy(`after-${index}`, { winner: 'inventory-1' });
    for (const line of book.pods.get('inventory-2')?.splice(-50) ?? []) expect(line).toContain('after-');
    book.pods.set(
      'inventory-2',
      book.pods.get('inventory-2')?.filter((line) => !line.includes('after-')) ?? [],
    );
    expect(await found()).toEqual({ unproven: 1 });
  });

  test('a pod was told that it is processed, and nobody says that it was: unproven', async () => {
    book.accepted('p');
    book.won('inventory-1', 'p');
    book.inventory('inventory-2', 'lock.lost', 'p', { reason: 'already processed' });
    expect(await found()).toEqual({ unproven: 1 });
  });

  test('lost in one of two groups is found', async () => {
    for (const id of ['ok-0', 'ok-1', 'ok-2']) {
      const of = { messageId: id, channel: 'order_updates', group: 'second' };
      const claim = { attempt: 1, fencingToken: book.token() };
      if (id === 'ok-1') continue;
      book.line('second-1', 'lock.won', { ...of, ...claim });
      book.line('second-1', 'message.processed', { ...of, ...claim, outcome: 'confirmed' });
    }
    const { told } = await judged(book.files);
    expect(told.filter(({ id }) => id === 'ok-1')).toMatchObject([{ kind: 'lost', group: 'second' }]);
  });

  test('a group that must settle everything and settled nothing is found', async () => {
    expect(await found({ args: ['--group', 'inventory', '--group', 'billing'] })).toEqual({ lost: 20 });
  });
});

describe('waiting', () => {
  test('longer than allowed is late', async () => {
    book.accepted('slow');
    const claim = book.later(3_000).won('inventory-1', 'slow');
    book.processed('inventory-1', 'slow', claim);
    expect(await found({ args: ['--max-wait', '2s'] })).toEqual({ late: 1 });
    expect(await found({ args: ['--max-wait', '4s'] })).toEqual({});
  });

  test('is found whichever of the two logs is read first', async () => {
    book.accepted('slow');
    book.processed('inventory-1', 'slow', book.later(3_000).won('inventory-1', 'slow'));
    const reading = [book.files.join(''), [...book.files].reverse().join('')];
    for (const text of reading)
      expect((await judged([text], { args: ['--max-wait', '2s'] })).found).toEqual({ late: 1 });
  });

  test('counts from the end of a fault', async () => {
    book.accepted('slow');
    const at = book.nowIso;
    book.processed('inventory-1', 'slow', book.later(3_000).won('inventory-1', 'slow'));
    const faults = `${JSON.stringify({ at, kind: 'SIGSTOP', target: 'inventory-1', durationMs: 2_500 })}\n`;
    expect(await found({ args: ['--max-wait', '1s'], write: { faults } })).toEqual({});
    expect(await found({ args: ['--max-wait', '200ms'], write: { faults } })).toEqual({ late: 1 });
  });
});

describe('dead letters', () => {
  const dies = (/** @type {string} */ id) => {
    book.accepted(id);
    const claim = book.won('inventory-1', id, { attempt: 3 });
    book.inventory('inventory-1', 'message.dead', id, { ...claim, reason: 'X', outcome: 'dead' });
    return claim;
  };

  test('an effect of the same claim after the dead letter is found', async () => {
    book.processed('inventory-1', 'd', dies('d'));
    expect(await found()).toEqual({ 'dead-and-settled': 1 });
  });

  test('a dead letter after the effect is found', async () => {
    const claim = book.healthy('d');
    book.inventory('inventory-1', 'message.dead', 'd', { ...claim, reason: 'X', outcome: 'dead' });
    expect(await found()).toEqual({ 'dead-and-settled': 1 });
  });

  test('an effect of a next attempt, without a redrive, is found', async () => {
    dies('d');
    book.processed('inventory-2', 'd', book.won('inventory-2', 'd', { attempt: 4 }));
    expect(await found()).toEqual({ 'dead-and-settled': 1 });
  });

  test('a second dead letter without a redrive is found', async () => {
    const claim = dies('d');
    book.inventory('inventory-1', 'message.dead', 'd', { ...claim, reason: 'X', outcome: 'dead' });
    expect(await found()).toEqual({ 'dead-and-settled': 1 });
  });

  test('sent back and not settled since is stuck', async () => {
    dies('d');
    book.won('inventory-2', 'd');
    expect(await found()).toEqual({ stuck: 1 });
  });

  test('where none is allowed, each is found and named', async () => {
    dies('d');
    expect(await found()).toEqual({});
    const { told } = await judged(book.files, { args: ['--no-dead'] });
    expect(told).toMatchObject([{ kind: 'dead', id: 'd' }]);
  });
});

describe('acceptance', () => {
  test('settled and never accepted is a phantom', async () => {
    book.processed('inventory-1', 'ghost', book.won('inventory-1', 'ghost'));
    const { told } = await judged(book.files);
    expect(told).toMatchObject([{ kind: 'phantom', id: 'ghost' }]);
  });

  test('refused on the list and settled nonetheless is a phantom', async () => {
    book.processed('inventory-1', 'ghost', book.won('inventory-1', 'ghost'));
    const accepted = `${JSON.stringify({ orderId: 'ghost', accepted: false })}\n`;
    expect(await found({ write: { accepted } })).toEqual({ phantom: 1 });
  });

  test('accepted by two pods is found', async () => {
    book.healthy('a');
    book.accepted('a', 'order-2');
    expect(await found()).toEqual({ 'accepted-twice': 1 });
  });

  test('accepted twice by one pod is found', async () => {
    book.healthy('a');
    book.accepted('a');
    expect(await found()).toEqual({ 'accepted-twice': 1 });
  });

  test('accepted twice with different items is found in the list', async () => {
    const order = (quantity) => JSON.stringify({ orderId: 'ok-1', items: [{ id: 'tea', quantity }] });
    expect(await found({ write: { accepted: `${order(1)}\n${order(1)}\n` } })).toEqual({});
    expect(await found({ write: { accepted: `${order(1)}\n${order(2)}\n` } })).toEqual({
      'accepted-twice': 1,
    });
  });
});

describe('stock', () => {
  const orders = Array.from({ length: 20 }, (_, index) =>
    JSON.stringify({ orderId: `ok-${index}`, items: [{ id: 'tea', quantity: 2 }] }),
  ).join('\n');
  const stock = (end) => ({
    write: {
      accepted: orders,
      'start-stock': JSON.stringify({ tea: 100, pot: 7 }),
      'end-stock': JSON.stringify([
        { id: 'tea', available: end },
        { id: 'pot', available: 7 },
      ]),
    },
  });

  test('is start - effects', async () => {
    const { found: nothing, certificate } = await judged(book.files, stock(60));
    expect(nothing).toEqual({});
    expect(certificate.stock).toMatchObject({ items: 2, right: 2, unitsTaken: 40 });
  });

  test.each([[59], [61], [58], [100]])('is wrong at %i', async (end) => {
    expect(await found(stock(end))).toEqual({ stock: 1 });
  });

  test('below zero is found without knowing the start', async () => {
    expect(await found({ write: { 'end-stock': JSON.stringify({ tea: -1 }) } })).toEqual({
      'stock-negative': 1,
    });
  });

  test('an item that is gone is found', async () => {
    const { write } = stock(60);
    expect(await found({ write: { ...write, 'end-stock': '{"tea":60}' } })).toEqual({ stock: 1 });
  });

  test('a rejected order takes nothing', async () => {
    book.healthy('no', { outcome: 'rejected' });
    const { write } = stock(60);
    const accepted = `${orders}\n${JSON.stringify({ orderId: 'no', items: [{ id: 'tea', quantity: 50 }] })}`;
    expect(await found({ write: { ...write, accepted } })).toEqual({});
  });
});

test('nothing to judge is not proved', async () => {
  expect((await judged(['', 'hello\n'])).found).toEqual({ 'nothing-to-judge': 1 });
});
