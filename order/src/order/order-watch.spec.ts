import { FakeClock } from '@onlyonce/testing';
import { describe, expect, it } from '@jest/globals';
import type { Order, OrderStatus } from './order.js';
import type { OrderStore } from './order-store.js';
import { OrderWatch } from './order-watch.js';
import { settledHere } from './settled-here.js';

/** Orders in memory; counts how often it is asked. */
class FakeStore implements OrderStore {
  readonly statuses = new Map<string, OrderStatus>();
  readonly reads: (readonly string[])[] = [];
  away = false;

  find(orderIds: readonly string[]): Promise<(Order | undefined)[]> {
    this.reads.push(orderIds);
    if (this.away) return Promise.reject(new Error('away'));
    return Promise.resolve(
      orderIds.map((orderId) => {
        const status = this.statuses.get(orderId);
        return status && { orderId, status, processedBy: null, processedAt: null, attempts: 0 };
      }),
    );
  }
}

const stays = new AbortController().signal;

describe('OrderWatch', () => {
  const setUp = () => {
    const clock = new FakeClock();
    const store = new FakeStore();
    const watch = new OrderWatch(store, clock);
    const woken: string[] = [];
    const wait = (orderId: string, withinMs = 30_000, signal = stays): void => {
      void watch.whenSettled(orderId, withinMs, signal).then(() => woken.push(orderId));
    };
    const pass = (ms: number): Promise<void> => clock.advance(ms);
    return { store, watch, woken, wait, pass };
  };

  it('wakes whoever waits once the order is settled, by one read for all', async () => {
    const { store, woken, wait, pass, watch } = setUp();
    for (const orderId of ['a', 'b', 'c', 'a']) wait(orderId);
    store.statuses.set('a', 'CONFIRMED').set('b', 'PENDING').set('c', 'FAILED');
    await pass(200);
    expect(woken.sort()).toEqual(['a', 'a', 'c']);
    expect(store.reads).toEqual([['a', 'b', 'c']]);
    expect(watch.size).toBe(1);
  });

  it('reads at once what was settled here', async () => {
    const { store, watch, woken, wait, pass } = setUp();
    const telemetry = settledHere(watch, 'order_results');
    wait('a:b');
    wait('other');
    store.statuses.set('a:b', 'CONFIRMED');
    for (const messageId of ['unknown:inventory:0', 'a:b:inventory:0']) {
      telemetry.message({ event: 'message.processed', messageId, channel: 'order_results', group: 'order' });
    }
    await pass(50);
    expect(woken).toEqual(['a:b']);
    expect(store.reads).toEqual([['a:b']]);
  });

  it('gives up when the time is over, when nobody waits any more, and when it stops', async () => {
    const { watch, woken, wait, pass } = setUp();
    const gone = new AbortController();
    wait('late', 1_000);
    wait('gone', 30_000, gone.signal);
    wait('stays');
    gone.abort();
    await pass(0);
    expect(woken).toEqual(['gone']);
    await pass(1_000);
    expect(woken).toEqual(['gone', 'late']);
    watch.stop();
    await pass(0);
    expect(woken).toEqual(['gone', 'late', 'stays']);
    expect(watch.size).toBe(0);
    await expect(watch.whenSettled('after', 1_000, stays)).resolves.toBeUndefined();
  });

  it('goes on when the store was away', async () => {
    const { store, woken, wait, pass } = setUp();
    store.away = true;
    wait('a');
    await pass(500);
    store.away = false;
    store.statuses.set('a', 'REJECTED');
    await pass(300);
    expect(woken).toEqual(['a']);
  });

  it('asks nobody when nobody waits', async () => {
    const { store, pass } = setUp();
    await pass(1_000);
    expect(store.reads).toEqual([]);
  });

  it('lets many take turns', async () => {
    const { store, wait, pass } = setUp();
    for (let n = 0; n < 1_200; n += 1) wait(`o-${n}`);
    await pass(600);
    expect(Math.max(...store.reads.map((ids) => ids.length))).toBe(500);
    expect(new Set(store.reads.slice(0, 3).flat()).size).toBe(1_200);
  });
});
