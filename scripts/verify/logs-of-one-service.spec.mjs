import { beforeEach, describe, expect, test } from '@jest/globals';
import { judged } from './testing/judged.mjs';
import { LogBook } from './testing/log-book.mjs';

// Only one service's logs are given.

/** @type {LogBook} */
let book;
beforeEach(() => {
  book = new LogBook();
  for (let index = 0; index < 6; index += 1) book.healthy(`ok-${index}`, { winner: 'inventory-2' });
});

const only = (service, how) =>
  judged(
    [...book.pods].filter(([pod]) => pod.startsWith(service)).map(([, lines]) => `${lines.join('\n')}\n`),
    how,
  );

describe('those who accept', () => {
  test('the results know the name of the group, and prove what it settled', async () => {
    const { found, certificate } = await only('order');
    expect(found).toEqual({});
    expect(certificate.groups).toContainEqual(
      expect.objectContaining({ channel: 'order_updates', group: 'inventory', provedByResults: 6 }),
    );
  });

  test('what no result tells is lost', async () => {
    book.accepted('x');
    expect((await only('order')).found).toEqual({ lost: 1 });
  });
});

describe('those who work', () => {
  const injected = () => {
    book.line('inventory-1', 'order.accepted', { messageId: 'y', channel: 'order_updates' });
    book.processed('inventory-2', 'y', book.won('inventory-2', 'y'));
  };
  const again = () =>
    book.line('inventory-1', 'message.duplicate', { messageId: 'ok-1', channel: 'order_updates' });

  test.each([
    ['was injected', injected, 6],
    ['was called a duplicate', again, 5],
  ])('what one of them says %s makes nothing else a phantom, and that is said', async (_, happens, open) => {
    happens();
    const { found, certificate } = await only('inventory');
    expect(found).toEqual({});
    expect(certificate.notJudged.join()).toContain(`whether ${open} messages that inventory settled`);
  });

  test('with a list of what was accepted, or a log of who accepts, the others are phantoms', async () => {
    injected();
    const accepted = [0, 1, 2, 3, 4].map((index) => JSON.stringify({ orderId: `ok-${index}` })).join('\n');
    expect((await only('inventory', { write: { accepted } })).found).toEqual({ phantom: 1 });
    const lines = book.pods.get('order-1') ?? [];
    book.pods.set(
      'order-1',
      lines.filter((line) => !(line.includes('order.accepted') && line.includes('ok-5'))),
    );
    expect((await only('')).found).toEqual({ phantom: 1 });
  });
});
