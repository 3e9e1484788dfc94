import { beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judged } from './testing/judged.mjs';
import { LogBook } from './testing/log-book.mjs';

/** @type {LogBook} */
let book;
beforeEach(() => {
  book = new LogBook();
  for (let index = 0; index < 10; index += 1) book.healthy(`ok-${index}`);
});

const found = async (how) => (await judged(book.files, how)).found;

test('orders processed and rejected are proved, with their counts', async () => {
  book.healthy('no', { outcome: 'rejected' });
  const { found: nothing, certificate } = await judged(book.files);
  expect(nothing).toEqual({});
  expect(certificate.verdict).toBe('proved');
  expect(certificate.groups).toMatchObject([
    { channel: 'order_updates', group: 'inventory', accepted: 11, processed: 10, rejected: 1, dead: 0 },
    { channel: 'order_results', group: 'order', accepted: 0, processed: 11 },
  ]);
});

test('one effect in each of two groups is what a message is for', async () => {
  book.healthy('both');
  const of = { messageId: 'both', channel: 'order_updates', group: 'second' };
  const claim = { attempt: 1, fencingToken: book.token() };
  book.line('inventory-4', 'lock.won', { ...of, ...claim });
  book.line('inventory-4', 'message.processed', { ...of, ...claim, outcome: 'confirmed' });
  expect(await found()).toEqual({});
});

test('a pod is killed, another takes over', async () => {
  book.accepted('t');
  book.won('inventory-2', 't');
  const claim = book.later(5_000).takesOver('inventory-1', 't', { from: 'inventory-2', attempt: 2 });
  book.processed('inventory-1', 't', claim);
  const { found: nothing, certificate } = await judged(book.files);
  expect(nothing).toEqual({});
  expect(certificate.groups[0]).toMatchObject({ takeovers: 1 });
});

test('a paused pod wakes up late and its result is refused', async () => {
  book.accepted('z');
  const old = book.won('inventory-2', 'z');
  book.processed('inventory-1', 'z', book.takesOver('inventory-1', 'z', { from: 'inventory-2', attempt: 2 }));
  book.inventory('inventory-2', 'lock.lost', 'z', { ...old, reason: 'not extended in time' });
  book.inventory('inventory-2', 'message.duplicate', 'z', {
    ...old,
    reason: 'already processed',
    outcome: 'confirmed',
  });
  expect(await found()).toEqual({});
});

test('two attempts fail, the third takes effect', async () => {
  book.accepted('r');
  for (const attempt of [1, 2]) {
    const claim = book.won('inventory-1', 'r', { attempt });
    book.inventory('inventory-1', 'message.retry', 'r', { ...claim, reason: 'X', retryInMs: 9 });
  }
  book.processed('inventory-2', 'r', book.won('inventory-2', 'r', { attempt: 3 }));
  expect(await found()).toEqual({});
});

test('a message given back at shutdown is won again in the same attempt', async () => {
  book.accepted('g');
  book.won('inventory-1', 'g');
  book.inventory('inventory-1', 'message.released', 'g', { attempt: 1 });
  book.stopped('inventory-1');
  book.processed('inventory-2', 'g', book.won('inventory-2', 'g', { attempt: 1 }));
  expect(await found()).toEqual({});
});

test('a dead letter is sent back and takes effect', async () => {
  book.accepted('d');
  const claim = book.won('inventory-1', 'd', { attempt: 3 });
  book.inventory('inventory-1', 'message.dead', 'd', { ...claim, reason: 'X', outcome: 'dead' });
  book.result(`d:inventory:d${claim.fencingToken}:0`);
  book.processed('inventory-2', 'd', book.won('inventory-2', 'd', { attempt: 1 }));
  book.result('d:inventory:0');
  const { found: nothing, certificate } = await judged(book.files);
  expect(nothing).toEqual({});
  expect(certificate.groups[0]).toMatchObject({ processed: 11, dead: 0, redriven: 1 });
});

test('a dead letter is sent back twice and dies again', async () => {
  book.accepted('d');
  book.dead('inventory-1', 'd', book.won('inventory-1', 'd'));
  for (const pod of ['inventory-2', 'inventory-1']) {
    book.redriven('inventory-3', 'd');
    book.dead(pod, 'd', book.won(pod, 'd'));
  }
  const { found: nothing, certificate } = await judged(book.files);
  expect(nothing).toEqual({});
  expect(certificate.groups[0]).toMatchObject({ dead: 1 });
});

test('a dead letter is sent back, its next owner is killed before its line, and the one after settles it', async () => {
  book.accepted('d');
  book.inventory('inventory-1', 'message.dead', 'd', {
    ...book.won('inventory-1', 'd', { attempt: 3 }),
    reason: 'X',
  });
  book.processed('inventory-3', 'd', book.takesOver('inventory-3', 'd', { from: 'inventory-2', attempt: 2 }));
  expect(await found()).toEqual({});
});

test('an effect whose pod was killed before its line is proved by the event committed with it', async () => {
  book.accepted('k');
  book.won('inventory-2', 'k');
  book.result('k:inventory:0');
  const { found: nothing, certificate } = await judged(book.files);
  expect(nothing).toEqual({});
  expect(certificate.groups[0]).toMatchObject({ accepted: 11, processed: 10, provedByResults: 1 });
});

test('an order whose order.accepted line is missing was accepted if it was called a duplicate', async () => {
  book.line('order-1', 'message.duplicate', { messageId: 'a', channel: 'order_updates' });
  book.processed('inventory-1', 'a', book.won('inventory-1', 'a'));
  expect(await found()).toEqual({});
});

test('an order whose answer was lost may be settled or not', async () => {
  book.processed('inventory-1', 'maybe-1', book.won('inventory-1', 'maybe-1'));
  const accepted = ['maybe-1', 'maybe-2']
    .map((orderId) => JSON.stringify({ orderId, accepted: 'unknown' }))
    .join('\n');
  expect(await found({ write: { accepted } })).toEqual({});
});

test('lines that are delivered twice count once', async () => {
  book.accepted('x');
  const old = book.won('inventory-1', 'x');
  const claim = book.takesOver('inventory-2', 'x', { from: 'inventory-1', attempt: 2 });
  book.inventory('inventory-2', 'message.retry', 'x', { ...claim, reason: 'X', retryInMs: 5 });
  book.processed('inventory-2', 'x', book.won('inventory-2', 'x', { attempt: 3 }));
  book.inventory('inventory-1', 'message.duplicate', 'x', { ...old, reason: 'stale fencing token' });
  const once = (await judged(book.files)).certificate;
  expect(once.groups[0]).toMatchObject({ takeovers: 1, retries: 1, refused: 1 });
  const { certificate } = await judged(book.files.map((text) => text + text));
  expect(certificate.verdict).toBe('proved');
  expect(certificate.groups).toEqual(once.groups);
  const done = ({ name, wins, processed, retries, refused, takenFrom }) => ({
    ...{ name, wins, processed, retries, refused, takenFrom },
  });
  expect(certificate.pods.map(done)).toEqual(once.pods.map(done));
});

test('a forged envelope that was refused is nobody’s loss', async () => {
  const claim = book.won('inventory-1', 'forged');
  book.inventory('inventory-1', 'message.duplicate', 'forged', { ...claim, reason: 'stale fencing token' });
  expect(await found()).toEqual({});
});

test('what waits less than allowed is under way, when the system is still running', async () => {
  book.accepted('new');
  expect(await found()).toEqual({ lost: 1 });
  expect(await found({ args: ['--still-running'] })).toEqual({});
});

test('a group that joined later need not have what was accepted before', async () => {
  for (const id of ['late-1', 'late-2']) {
    book.healthy(id);
    const of = { messageId: id, channel: 'order_updates', group: 'second' };
    const claim = { attempt: 1, fencingToken: book.token() };
    book.line('second-1', 'lock.won', { ...of, ...claim });
    book.line('second-1', 'message.processed', { ...of, ...claim, outcome: 'confirmed' });
  }
  expect(await found()).toEqual({});
});

test('effects undone by a declared loss of data and done again are proved by the stock only', async () => {
  book.accepted('undone');
  book.processed('inventory-1', 'undone', book.won('inventory-1', 'undone'));
  const faults = JSON.stringify({ at: book.nowIso, kind: 'torn-file', target: 'redis' });
  book.later(500);
  book.processed('inventory-2', 'undone', book.won('inventory-2', 'undone', { attempt: 2 }));
  expect(await found()).toEqual({ duplicated: 1 });
  expect(await found({ write: { faults } })).toEqual({ unproven: 1 });
  const accepted = [...Array.from({ length: 10 }, (_, index) => `ok-${index}`), 'undone']
    .map((orderId) => JSON.stringify({ orderId, items: [{ id: 'tea', quantity: 1 }] }))
    .join('\n');
  const stock = (end) => ({
    faults,
    accepted,
    'start-stock': '{"tea":20}',
    'end-stock': JSON.stringify({ tea: end }),
  });
  expect(await found({ write: stock(9) })).toEqual({});
  expect(await found({ write: stock(8) })).toEqual({ stock: 1 });
});

test('clocks of pods that differ by minutes change nothing but what is said of them', async () => {
  const skewed = book.files.map((text, index) =>
    index === 0 ? text : text.replaceAll('T02:34:', 'T02:31:'),
  );
  const { found: nothing, certificate } = await judged(skewed);
  expect(nothing).toEqual({});
  expect(certificate.waits.clocksDifferByMs).toBeGreaterThan(100_000);
});

test('lines in any order, in any number of files, in any pieces, are judged the same', async () => {
  book.accepted('t');
  const old = book.won('inventory-2', 't');
  book.processed('inventory-1', 't', book.takesOver('inventory-1', 't', { from: 'inventory-2', attempt: 2 }));
  book.inventory('inventory-2', 'message.duplicate', 't', { ...old, reason: 'stale fencing token' });
  const claim = book.won('inventory-2', 'd', { attempt: 3 });
  book.accepted('d');
  book.inventory('inventory-2', 'message.dead', 'd', { ...claim, reason: 'X', outcome: 'dead' });
  book.won('inventory-1', 'd');
  book.processed('inventory-3', 'd', book.takesOver('inventory-3', 'd', { from: 'inventory-1', attempt: 2 }));
  book.accepted('unredriven');
  book.inventory(
    'inventory-2',
    'message.dead',
    'unredriven',
    book.won('inventory-2', 'unredriven', { attempt: 3 }),
  );
  book.processed('inventory-1', 'unredriven', book.won('inventory-1', 'unredriven', { attempt: 4 }));
  book.accepted('lost');
  const twice = book.healthy('twice');
  book.processed('inventory-1', 'twice', twice);
  const lines = book.files.join('').trim().split('\n');
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(lines, { minLength: lines.length }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 400 }),
      async (shuffled, count, chunkBytes) => {
        const files = Array.from({ length: count }, (_, index) =>
          shuffled.filter((__, line) => line % count === index).join('\n'),
        );
        expect((await judged(files, { chunkBytes })).found).toEqual({
          lost: 1,
          duplicated: 1,
          'dead-and-settled': 1,
        });
      },
    ),
    { numRuns: 150 },
  );
});
