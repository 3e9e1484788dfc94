import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judged } from './testing/judged.mjs';
import { LogBook } from './testing/log-book.mjs';

// The order of lines means nothing: neither that of the files, nor that of their lines, nor what clocks say.

/** @type {LogBook} */
let book;
beforeEach(() => {
  book = new LogBook();
  for (let index = 0; index < 4; index += 1) book.healthy(`ok-${index}`);
  book.accepted('x');
});

const fails = (pod, claim) =>
  book.inventory(pod, 'message.retry', 'x', { ...claim, reason: 'X', retryInMs: 5 });
const deadThenSettled = () => {
  for (const attempt of [1, 2]) fails('inventory-1', book.won('inventory-1', 'x', { attempt }));
  book.dead('inventory-1', 'x', book.won('inventory-1', 'x', { attempt: 3 }));
  book.processed('inventory-2', 'x', book.won('inventory-2', 'x', { attempt: 4 }));
};
const sharedAndFailed = () => {
  const claim = book.won('inventory-1', 'x');
  book.inventory('inventory-3', 'lock.won', 'x', claim);
  for (const pod of ['inventory-1', 'inventory-3']) fails(pod, claim);
  book.processed('inventory-2', 'x', book.won('inventory-2', 'x', { attempt: 2 }));
};
const settledByNobodysClaim = () => {
  book.processed('inventory-3', 'x', { attempt: 1, fencingToken: book.token() });
  book.processed('inventory-2', 'x', book.won('inventory-2', 'x', { attempt: 2 }));
};
const settledByFailedClaim = () => {
  const claim = book.won('inventory-1', 'x');
  fails('inventory-1', claim);
  book.processed('inventory-1', 'x', claim);
  book.processed('inventory-2', 'x', book.won('inventory-2', 'x', { attempt: 2 }));
};
const redriven = () => {
  book.dead('inventory-1', 'x', book.won('inventory-1', 'x', { attempt: 3 }));
  book.redriven('inventory-2', 'x');
  fails('inventory-2', book.won('inventory-2', 'x'));
  book.processed('inventory-3', 'x', book.won('inventory-3', 'x', { attempt: 2 }));
};

describe.each([
  ['a dead letter, and settled in the next attempt', deadThenSettled, { 'dead-and-settled': 1 }],
  ['one token of two pods, which both failed', sharedAndFailed, { 'shared-token': 1 }],
  ['settled without a claim, and again', settledByNobodysClaim, { duplicated: 1, unclaimed: 1 }],
  ['settled under a failed claim, and again', settledByFailedClaim, { duplicated: 1, unclaimed: 1 }],
  ['a dead letter that was sent back and failed once more', redriven, {}],
])('%s', (_, happens, expected) => {
  beforeEach(happens);

  test('whichever pod is read first', async () => {
    const files = book.files;
    for (let first = 0; first < files.length; first += 1) {
      const text = [...files.slice(first), ...files.slice(0, first)].join('');
      expect((await judged([text])).found).toEqual(expected);
    }
  });

  test('whichever clock is behind', async () => {
    for (const late of book.pods.keys()) {
      const files = [...book.pods].map(([pod, lines]) =>
        pod === late ? lines.join('\n').replaceAll('T02:34:', 'T02:33:') : lines.join('\n'),
      );
      expect((await judged(files, { args: ['--max-wait', '5m'] })).found).toEqual(expected);
    }
  });

  test('in any order', async () => {
    const lines = book.files.join('').trim().split('\n');
    const shuffled = fc.shuffledSubarray(lines, { minLength: lines.length });
    const isJudgedTheSame = async (text) => {
      expect((await judged([text.join('\n')])).found).toEqual(expected);
    };
    await fc.assert(fc.asyncProperty(shuffled, isJudgedTheSame), { numRuns: 60 });
  });
});

test('a source that cannot be read twice is judged by what was read once', async () => {
  deadThenSettled();
  const files = book.files;
  const text = [...files].reverse().join('');
  let readings = 0;
  const once = {
    name: 'once',
    async *open() {
      readings += 1;
      if (readings > 1) throw new Error('gone');
      yield Buffer.from(text);
    },
  };
  const { verify } = await import('./verify.mjs');
  const { readArguments } = await import('./arguments.mjs');
  const { books } = await verify(readArguments(['logs'], {}), { sources: [once] });
  expect(readings).toBeGreaterThan(1);
  expect(books.findings.total).toBeGreaterThan(0);
});
