import { beforeEach, describe, expect, test } from '@jest/globals';
import { judged } from './testing/judged.mjs';
import { LogBook } from './testing/log-book.mjs';

// What is judged by times, with clocks that differ, and what by which group came first.

/** @type {LogBook} */
let book;
beforeEach(() => {
  book = new LogBook();
});

const MINUTE = 60_000;
const INVENTORY = ['inventory-1', 'inventory-2', 'inventory-3'];
const healthy = (name = 'ok', count = 12) => {
  for (let index = 0; index < count; index += 1)
    book.healthy(`${name}-${index}`, { winner: INVENTORY[index % 3] });
};
const shift = (pods, ms) => {
  for (const pod of pods) {
    const lines = book.pods.get(pod) ?? [];
    const later = (_, time) => `"time":"${new Date(Date.parse(time) + ms).toISOString()}"`;
    book.pods.set(
      pod,
      lines.map((line) => line.replace(/"time":"([^"]+)"/, later)),
    );
  }
};
const found = async (args = []) => (await judged(book.files, { args })).found;

describe('--still-running', () => {
  test.each([0, 2, -2])(
    'what came in last is under way, with consumers %i minutes ahead',
    async (minutes) => {
      healthy();
      book.accepted('heard');
      book.won('inventory-1', 'heard');
      book.accepted('unheard');
      shift(INVENTORY, minutes * MINUTE);
      expect(await found(['--still-running'])).toEqual({});
    },
  );

  test.each([0, 2, -2])(
    'what waited longer than allowed is not, with consumers %i minutes ahead',
    async (minutes) => {
      healthy();
      book.accepted('unheard');
      book.later(2 * MINUTE);
      healthy('then');
      shift(INVENTORY, minutes * MINUTE);
      expect(await found(['--still-running'])).toEqual({ lost: 1 });
    },
  );

  test('nor is it when the pod that accepted it is gone since', async () => {
    healthy();
    book.accepted('unheard', 'order-2');
    book.later(2 * MINUTE);
    healthy('then');
    expect(await found(['--still-running'])).toEqual({ lost: 1 });
  });
});

describe('a claim without an end, of a pod that goes on', () => {
  const claimed = () => {
    book.accepted('s');
    book.won('inventory-1', 's');
    for (let index = 0; index < 50; index += 1)
      book.later(100).healthy(`then-${index}`, { winner: INVENTORY[index % 3] });
  };

  test.each([0, 30_000, -30_000])('is stuck, with its clock %i ms ahead', async (ms) => {
    healthy();
    claimed();
    shift(['inventory-1'], ms);
    expect(await found()).toEqual({ stuck: 1 });
  });

  test('is stuck though the line of its start was delivered twice', async () => {
    book.line('inventory-1', 'service.started');
    healthy();
    claimed();
    const { found: kinds, certificate } = await judged(book.files.map((text) => text + text));
    expect(kinds).toEqual({ stuck: 1 });
    expect(certificate.pods.find(({ name }) => name === 'inventory-1').starts).toBe(1);
  });

  test.each([0, 30_000, -30_000])(
    'is unproven when it fell silent, with its clock %i ms ahead',
    async (ms) => {
      healthy();
      book.accepted('s');
      book.won('inventory-1', 's');
      for (let index = 0; index < 50; index += 1) {
        book.later(100).accepted(`then-${index}`);
        book.processed('inventory-2', `then-${index}`, book.won('inventory-2', `then-${index}`));
      }
      shift(['inventory-1'], ms);
      expect(await found()).toEqual({ unproven: 1 });
    },
  );
});

describe('a group that joined later', () => {
  const mails = (ids) => {
    for (const messageId of ids) {
      const of = { messageId, channel: 'order_updates', group: 'mail' };
      const claim = { attempt: 1, fencingToken: book.token() };
      book.line('mail-1', 'lock.won', { ...of, ...claim });
      book.line('mail-1', 'message.processed', { ...of, ...claim, outcome: 'confirmed' });
    }
  };
  const ids = (from) => Array.from({ length: 12 - from }, (_, index) => `ok-${from + index}`);
  const listed = (args = []) => {
    book.pods.delete('order-1');
    return judged(book.files, { args, write: { accepted: ids(0).join('\n') } });
  };

  test('need not have what came before, though only a list tells what was accepted', async () => {
    healthy();
    mails(ids(9));
    const { found: kinds, certificate } = await listed();
    expect(kinds).toEqual({});
    expect(certificate.notJudged[0]).toMatch(/^9 messages that came before the first one that mail settled/);
    expect((await listed(['--group', 'inventory', '--group', 'mail'])).found).toEqual({ lost: 9 });
  });

  test('needs what came after, though only a list tells what was accepted', async () => {
    healthy();
    mails(ids(8).filter((id) => id !== 'ok-10'));
    // Of what only a list names the time is that of its settlement, by the pod that won it.
    expect((await listed()).found).toEqual({ lost: 1 });
  });

  test('is what a group looks like that lost the first message of all: told as not judged', async () => {
    healthy();
    mails(ids(0));
    for (const pod of INVENTORY) {
      const lines = book.pods.get(pod) ?? [];
      book.pods.set(
        pod,
        lines.filter((line) => !line.includes('"ok-0"')),
      );
    }
    book.pods.set(
      'order-1',
      (book.pods.get('order-1') ?? []).filter((line) => !line.includes('ok-0:')),
    );
    const { found: kinds, certificate } = await judged(book.files);
    expect(kinds).toEqual({});
    expect(certificate.notJudged[0]).toMatch(/^1 messages that came before the first one that inventory/);
    expect(await found(['--group', 'inventory', '--group', 'mail'])).toEqual({ lost: 1 });
  });
});
