import { describe, expect, it } from '@jest/globals';
import { TransactionRecorder, type EffectSet } from './transaction.js';

const headers = { traceparent: 't' };
const recorder = (): TransactionRecorder => new TransactionRecorder('order-1:stock', headers, '42');

describe('what a handler declares', () => {
  it('is kept in order, each as a plain value', () => {
    const tx = recorder();
    const otherwise = { ifMissing: 'unknown', ifShort: 'too little' };
    tx.hash('stock').take('apple', 2, otherwise).add('sold', -2).put({ a: 1, b: 'x' }).remove('c').expire(5);
    tx.hash('orders')
      .requireAbsent('x', 'r1')
      .requireSameOrAbsent('y', 'v', 'r2')
      .requireBelowOrAbsent('z', 7, 'r3');
    tx.addMember('set', 'm');
    tx.removeMember('set', 'n');
    tx.rank('ranking', 'm', 1.5);
    tx.push('list', 'v');
    expect(tx.effects).toEqual([
      { kind: 'take', key: 'stock', field: 'apple', amount: 2, ...otherwise },
      { kind: 'add', key: 'stock', field: 'sold', amount: -2 },
      { kind: 'put', key: 'stock', field: 'a', value: '1' },
      { kind: 'put', key: 'stock', field: 'b', value: 'x' },
      { kind: 'remove', key: 'stock', field: 'c' },
      { kind: 'expire', key: 'stock', ttlMs: 5 },
      { kind: 'require', key: 'orders', field: 'x', test: 'absent', value: '', otherwise: 'r1' },
      { kind: 'require', key: 'orders', field: 'y', test: 'same-or-absent', value: 'v', otherwise: 'r2' },
      { kind: 'require', key: 'orders', field: 'z', test: 'below-or-absent', value: '7', otherwise: 'r3' },
      { kind: 'addMember', key: 'set', member: 'm' },
      { kind: 'removeMember', key: 'set', member: 'n' },
      { kind: 'rank', key: 'ranking', member: 'm', score: 1.5 },
      { kind: 'push', key: 'list', value: 'v' },
    ]);
  });

  it.each<{ what: string; declare: (tx: EffectSet) => unknown }>([
    { what: 'an empty key', declare: (tx) => tx.hash('') },
    { what: 'a key that is too long', declare: (tx) => tx.hash('k'.repeat(257)) },
    { what: 'nothing to take', declare: (tx) => tx.hash('k').take('f', 0, { ifMissing: '', ifShort: '' }) },
    {
      what: 'half a unit to take',
      declare: (tx) => tx.hash('k').take('f', 0.5, { ifMissing: '', ifShort: '' }),
    },
    { what: 'an amount that is no safe integer', declare: (tx) => tx.hash('k').add('f', 2 ** 53) },
    {
      what: 'a bound that is no number',
      declare: (tx) => tx.hash('k').requireBelowOrAbsent('f', Number.NaN, ''),
    },
    { what: 'a TTL of 0', declare: (tx) => tx.hash('k').expire(0) },
    {
      what: 'an infinite score',
      declare: (tx) => {
        tx.rank('k', 'm', Infinity);
      },
    },
  ])('is refused while the handler runs, not when it commits: $what', ({ declare }) => {
    expect(() => declare(recorder())).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});

describe('events', () => {
  it('get ids derived from the message, so that a second run emits the same', () => {
    const ids = [recorder(), recorder()].map((tx) => {
      tx.emit('results', { n: 1 });
      tx.emit('results', { n: 2 });
      return tx.events.map(({ id }) => id);
    });
    expect(ids[0]).toEqual(['order-1:stock:0', 'order-1:stock:1']);
    expect(ids[1]).toEqual(ids[0]);
  });

  it('carry the trace of their message', () => {
    const tx = recorder();
    tx.emit('results', ['x']);
    expect(tx.events).toEqual([{ channel: 'results', id: 'order-1:stock:0', headers, body: '["x"]' }]);
  });

  it('must be something JSON can carry', () => {
    expect(() => {
      recorder().emit('results', undefined);
    }).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});

describe('what happens instead when the message is rejected', () => {
  it('is kept apart', () => {
    const tx = recorder();
    tx.hash('stock').add('f', 1);
    tx.ifRejected.hash('orders').put({ state: 'REJECTED' });
    expect(tx.effects).toHaveLength(1);
    expect(tx.rejectionEffects).toEqual([{ kind: 'put', key: 'orders', field: 'state', value: 'REJECTED' }]);
  });

  it('tells the reason, wherever it is put in the event', () => {
    const tx = recorder();
    tx.ifRejected.emit('results', (reason) => ({ id: 1, deep: { reason }, last: true }));
    const [event] = tx.rejectionEvents;
    const reason = 'too "little" \\ é\n';
    const text = (event?.body ?? '') + JSON.stringify(reason) + (event?.bodyAfterReason ?? '');
    expect(JSON.parse(text)).toEqual({ id: 1, deep: { reason }, last: true });
    expect(tx.rejectionEventsFor(reason)).toEqual([
      { channel: 'results', id: 'order-1:stock:r0', headers, body: text },
    ]);
  });

  it('may leave the reason out', () => {
    const tx = recorder();
    tx.ifRejected.emit('results', () => ({ ok: false }));
    expect(tx.rejectionEvents).toEqual([
      { channel: 'results', id: 'order-1:stock:r0', headers, body: '{"ok":false}' },
    ]);
    expect(tx.rejectionEventsFor('why')).toEqual(tx.rejectionEvents);
  });

  it('goes only to channels whose name can be part of a key', () => {
    const tx = recorder();
    expect(() => {
      tx.emit('other}:x', {});
    }).toThrow(/^channel must be/);
    expect(() => {
      tx.ifRejected.emit('', () => ({}));
    }).toThrow(/^channel must be/);
    expect(tx.events).toEqual([]);
  });
});
