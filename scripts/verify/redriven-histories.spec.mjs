import { beforeEach, describe, expect, test } from '@jest/globals';
import { judged } from './testing/judged.mjs';
import { LogBook } from './testing/log-book.mjs';

// Dead letters that are sent back by hand: what was dead is open again, and its attempts start at 1.

/** @type {LogBook} */
let book;
beforeEach(() => {
  book = new LogBook();
  for (let index = 0; index < 6; index += 1) book.healthy(`ok-${index}`);
});

const found = async (how) => (await judged(book.files, how)).found;
const dies = (id, attempt) => {
  book.accepted(id);
  book.dead('inventory-1', id, book.won('inventory-1', id, { attempt }));
};

describe('sent back', () => {
  test('and never heard of again is stuck, and its lines say so', async () => {
    dies('d', 3);
    book.redriven('inventory-2', 'd');
    const { found: kinds, told } = await judged(book.files);
    expect(kinds).toEqual({ stuck: 1 });
    expect(told).toMatchObject([{ id: 'd', detail: expect.stringContaining('sent back by hand') }]);
    expect(told[0]?.lines.join()).toContain('message.redriven');
  });

  test('and heard, and won by nobody is stuck', async () => {
    dies('d', 3);
    book.redriven('inventory-2', 'd');
    for (const pod of ['inventory-1', 'inventory-2']) book.inventory(pod, 'message.received', 'd');
    expect(await found()).toEqual({ stuck: 1 });
  });

  test('twice, and claimed once is stuck; the line of a redrive delivered twice is one redrive', async () => {
    dies('d', 3);
    const line = book.redriven('inventory-2', 'd');
    book.dead('inventory-1', 'd', book.won('inventory-1', 'd'));
    book.raw('inventory-2', line);
    expect(await found()).toEqual({});
    book.redriven('inventory-2', 'd');
    expect(await found()).toEqual({ stuck: 1 });
  });

  test('is under way for as long as it may wait, from then on', async () => {
    dies('d', 3);
    book.later(600_000).healthy('later');
    book.redriven('inventory-2', 'd');
    expect(await found({ args: ['--still-running'] })).toEqual({});
  });

  test('and won by a pod whose lock.won line is missing is stuck, not dead', async () => {
    dies('d', 3);
    const claim = { attempt: 1, fencingToken: book.token() };
    book.inventory('inventory-2', 'message.recovered', 'd', { ...claim, reason: 'nobody had heard of it' });
    expect(await found()).toEqual({ stuck: 1 });
  });

  test('by hand, an hour later, is not late', async () => {
    dies('d', 3);
    book.later(3_600_000).redriven('inventory-2', 'd');
    book.processed('inventory-3', 'd', book.won('inventory-3', 'd'));
    expect(await found()).toEqual({});
  });

  test('after a death whose pod was killed before its line is no more than unproven', async () => {
    book.accepted('d');
    book.won('inventory-1', 'd');
    book.redriven('inventory-2', 'd');
    book.dead('inventory-3', 'd', book.won('inventory-3', 'd'));
    expect(await found()).toEqual({ unproven: 1 });
  });

  test('and processed since is proved, and counted', async () => {
    dies('d', 3);
    book.redriven('inventory-2', 'd');
    book.processed('inventory-3', 'd', book.won('inventory-3', 'd'));
    const { found: nothing, certificate } = await judged(book.files);
    expect(nothing).toEqual({});
    expect(certificate.groups[0]).toMatchObject({ processed: 7, dead: 0, redriven: 1 });
  });

  test('when so many died that they were forgotten is found, too, and settled by most of them', async () => {
    const ids = Array.from({ length: 10_010 }, (_, index) => `d-${index}`);
    for (const id of ids) dies(id, 3);
    for (const id of ids.slice(9_995)) {
      book.redriven('inventory-2', id);
      if (id !== 'd-10005') book.processed('inventory-3', id, book.won('inventory-3', id));
    }
    const { told, certificate } = await judged(book.files);
    expect(told).toMatchObject([{ kind: 'stuck', id: 'd-10005' }]);
    expect(certificate.groups[0]).toMatchObject({ processed: 20, dead: 9_995, redriven: 14 });
  });
});

describe('dead in attempt 1, and settled in attempt 1', () => {
  beforeEach(() => {
    dies('d', 1);
  });
  const settled = () => {
    book.processed('inventory-2', 'd', book.won('inventory-2', 'd'));
  };

  test('is unproven without a line that it was sent back: nothing else shows it', async () => {
    settled();
    const { found: kinds, told } = await judged(book.files);
    expect(kinds).toEqual({ unproven: 1 });
    expect(told[0]?.detail).toContain('no message.redriven line');
  });

  test('is proved with it', async () => {
    book.redriven('inventory-2', 'd');
    settled();
    expect(await found()).toEqual({});
  });

  test('one redrive does not explain two lives', async () => {
    book.redriven('inventory-2', 'd');
    book.dead('inventory-3', 'd', book.won('inventory-3', 'd'));
    settled();
    expect(await found()).toEqual({ unproven: 2 });
  });

  test('a redrive does not explain that attempts go on', async () => {
    book.redriven('inventory-2', 'd');
    book.processed('inventory-2', 'd', book.won('inventory-2', 'd', { attempt: 2 }));
    expect(await found()).toEqual({ 'dead-and-settled': 1 });
  });
});

test('sent back by hand an hour later is not late, whichever log is read first', async () => {
  book.accepted('x');
  book.dead('inventory-1', 'x', book.won('inventory-1', 'x', { attempt: 3 }));
  book.later(3_600_000).redriven('inventory-3', 'x');
  book.processed('inventory-2', 'x', book.won('inventory-2', 'x'));
  expect(await found()).toEqual({});
  expect((await judged([book.files.toReversed().join('')])).found).toEqual({});
  const of = (pod) => `${book.pods.get(pod)?.join('\n')}\n`;
  const orders = ['order-1', 'inventory-2', 'inventory-1', 'inventory-3'];
  expect((await judged([orders.map(of).join('')])).found).toEqual({});
});

test('takeovers that go on after a dead letter are no redrive', async () => {
  book.accepted('x');
  book.dead('inventory-1', 'x', book.won('inventory-1', 'x', { attempt: 2 }));
  let claim;
  for (const attempt of [3, 4, 5])
    claim = book.takesOver('inventory-2', 'x', { from: 'inventory-1', attempt });
  book.processed('inventory-2', 'x', claim);
  expect(await found()).toEqual({ 'dead-and-settled': 1 });
});
