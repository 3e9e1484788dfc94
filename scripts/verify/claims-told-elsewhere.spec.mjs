import { beforeEach, describe, expect, test } from '@jest/globals';
import { judged } from './testing/judged.mjs';
import { LogBook } from './testing/log-book.mjs';

// A claim whose lock.won line is missing is known from what its owner says of it later.

/** @type {LogBook} */
let book;
beforeEach(() => {
  book = new LogBook();
  for (let index = 0; index < 4; index += 1) book.healthy(`ok-${index}`);
  book.accepted('x');
});

/** As the lines stand, and with the settlement read before all else. */
const foundBothWays = async () => {
  const { found } = await judged(book.files);
  const reversed = await judged([book.files.join('').trim().split('\n').reverse().join('\n')]);
  expect(reversed.found).toEqual(found);
  return found;
};

describe('an older token settles', () => {
  test.each([
    ['message.recovered', { reason: 'its owner vanished', previousPod: 'inventory-1' }],
    ['message.recovered', { reason: 'a retry fell due' }],
    ['message.retry', { reason: 'X', retryInMs: 5 }],
    ['message.released', {}],
    ['message.duplicate', { reason: 'stale fencing token' }],
    ['lock.lost', { reason: 'not extended in time' }],
  ])('although a newer one is known by %s %j', async (event, fields) => {
    const claim = book.won('inventory-1', 'x');
    book.inventory('inventory-2', event, 'x', { attempt: 2, fencingToken: book.token(), ...fields });
    book.processed('inventory-1', 'x', claim);
    expect(await foundBothWays()).toEqual({ 'stale-token': 1 });
  });

  test('and lines of tokens older still are as they should be', async () => {
    const old = book.won('inventory-1', 'x');
    const claim = book.takesOver('inventory-2', 'x', { from: 'inventory-1', attempt: 2 });
    book.inventory('inventory-1', 'lock.lost', 'x', { ...old, reason: 'taken over by another pod' });
    book.inventory('inventory-1', 'message.duplicate', 'x', { ...old, reason: 'stale fencing token' });
    book.processed('inventory-2', 'x', claim);
    expect(await foundBothWays()).toEqual({});
  });
});

describe('refused as stale', () => {
  const refused = (pod, claim) =>
    book.inventory(pod, 'message.duplicate', 'x', { ...claim, reason: 'stale fencing token' });

  test('and processed by the same claim: told in two ways', async () => {
    const claim = book.won('inventory-1', 'x');
    refused('inventory-1', claim);
    book.processed('inventory-1', 'x', claim);
    expect(await foundBothWays()).toEqual({ contradiction: 1 });
  });

  test('and processed by the next claim of the same pod', async () => {
    refused('inventory-1', book.won('inventory-1', 'x'));
    book.processed('inventory-1', 'x', book.won('inventory-1', 'x', { attempt: 2 }));
    expect(await foundBothWays()).toEqual({});
  });
});
