import { describe, expect, it } from '@jest/globals';
import { countEffect, SimulatedWorld, type SimulatedPod } from '@onlyonce/testing';
import type { HandlerContext } from '../handling/handler.js';

const LOCK_TTL_MS = 1_000;

/** A handler that takes its time, and what its signal said. */
function slowHandler(ms: number) {
  const aborts: unknown[] = [];
  let pod: SimulatedPod | undefined;
  return {
    aborts,
    runsIn: (owner: SimulatedPod) => {
      pod = owner;
    },
    handle: async (message: unknown, context: HandlerContext) => {
      context.signal.addEventListener('abort', () => aborts.push(context.signal.reason));
      await pod?.sleep(ms);
      countEffect(message, context);
    },
  };
}

async function slowPod(world: SimulatedWorld, name: string, ms: number, more: object = {}) {
  const slow = slowHandler(ms);
  const pod = await world.startedPod(name, { lockTtlMs: LOCK_TTL_MS, handle: slow.handle, ...more });
  slow.runsIn(pod);
  return { pod, aborts: slow.aborts };
}

describe('a handler that takes longer than the lock lives', () => {
  it('keeps its message: the lock is extended', async () => {
    const world = new SimulatedWorld();
    const one = await slowPod(world, 'one', 10 * LOCK_TTL_MS);
    await world.publish(['a']);
    const two = await slowPod(world, 'two', 0);
    await world.untilSettled();
    expect([one.pod.runs, two.pod.runs]).toEqual([['a'], []]);
    expect(one.aborts).toEqual([]);
    expect(world.effects()).toEqual({ a: '1' });
  });

  it('keeps its message through a short outage of the store', async () => {
    const world = new SimulatedWorld();
    const { pod, aborts } = await slowPod(world, 'one', 5 * LOCK_TTL_MS);
    await world.publish(['a']);
    await world.clock.advance(1_200);
    pod.backend.failNext('extend', 2);
    await world.untilSettled();
    expect(aborts).toEqual([]);
    expect(pod.telemetry.notices.filter(({ event }) => event === 'engine.extend_failed')).toHaveLength(2);
    expect(world.effects()).toEqual({ a: '1' });
  });

  it('is told by its signal when the lock cannot be extended in time; its result still counts if nobody took over', async () => {
    const world = new SimulatedWorld();
    const { pod, aborts } = await slowPod(world, 'one', 3 * LOCK_TTL_MS);
    await world.publish(['a']);
    pod.backend.disconnect();
    await world.clock.advance(1.2 * LOCK_TTL_MS);
    expect(aborts).toMatchObject([{ code: 'LOCK_LOST' }]);
    expect(pod.telemetry.named('lock.lost')).toMatchObject([{ reason: 'not extended in time' }]);
    await world.clock.advance(5_000);
    pod.backend.reconnect();
    await world.untilSettled();
    expect(pod.runs).toEqual(['a']);
    expect(world.effects()).toEqual({ a: '1' });
  });

  it('is told by its signal when another pod has taken over, and its result is refused (W10)', async () => {
    const world = new SimulatedWorld();
    const one = await slowPod(world, 'one', 4 * LOCK_TTL_MS);
    await world.publish(['a']);
    await world.clock.advance(1);
    one.pod.pause();
    const two = await slowPod(world, 'two', 2_500);
    await world.clock.advance(2 * LOCK_TTL_MS);
    expect(two.pod.runs).toEqual(['a']);
    one.pod.resume();
    await world.clock.advance(10);
    expect(one.aborts).toMatchObject([{ code: 'LOCK_LOST' }]);
    await world.clock.advance(20_000);
    expect(world.effects()).toEqual({ a: '1' });
    expect(two.pod.telemetry.historyOf('a').at(-1)).toBe('message.processed');
    expect(one.pod.telemetry.named('message.processed')).toEqual([]);
    expect(one.pod.telemetry.named('message.duplicate')).toHaveLength(1);
    expect(one.pod.consumer.inFlightCount).toBe(0);
  });

  it('does not lose its message for ever when every extension fails: the lock doubles from the third takeover on (F3)', async () => {
    const world = new SimulatedWorld();
    const pods = [];
    for (const name of ['one', 'two', 'three']) {
      const { pod } = await slowPod(world, name, 3 * LOCK_TTL_MS);
      pod.backend.faults.draw = (call) => (call === 'extend' ? 'fail' : undefined);
      pods.push(pod);
    }
    await world.publish(['a']);
    await world.untilSettled(120_000);
    expect(world.effects()).toEqual({ a: '1' });
    expect(pods.flatMap(({ runs }) => runs).length).toBeLessThanOrEqual(5);
  });
});

describe('a handler that runs longer than allowed', () => {
  it('is aborted, and its message is tried again while the first run may still hang', async () => {
    const world = new SimulatedWorld();
    const signals: AbortSignal[] = [];
    const pod = await world.startedPod('one', {
      lockTtlMs: LOCK_TTL_MS,
      handlerTimeoutMs: 3_000,
      handle: (message, context) => {
        signals.push(context.signal);
        if (signals.length === 1) return new Promise<void>(() => undefined);
        countEffect(message, context);
        return undefined;
      },
    });
    await world.publish(['a']);
    await world.untilSettled();
    expect(signals[0]?.reason).toMatchObject({ code: 'HANDLER_TIMEOUT' });
    expect(pod.telemetry.named('message.retry')).toMatchObject([
      { reason: 'HANDLER_TIMEOUT: the handler ran longer than 3000 ms' },
    ]);
    expect(world.effects()).toEqual({ a: '1' });
  });

  it('does not have its late result counted on top', async () => {
    const world = new SimulatedWorld();
    const first = Promise.withResolvers<undefined>();
    let runs = 0;
    const pod = await world.startedPod('one', {
      lockTtlMs: LOCK_TTL_MS,
      handlerTimeoutMs: 3_000,
      handle: async (message, context) => {
        runs += 1;
        if (runs === 1) await first.promise;
        countEffect(message, context);
      },
    });
    await world.publish(['a']);
    await world.untilSettled();
    first.resolve(undefined);
    await world.clock.advance(10_000);
    expect(world.effects()).toEqual({ a: '1' });
    expect(pod.telemetry.named('message.processed')).toHaveLength(1);
  });

  it('is told how many times it may: then the message is dead', async () => {
    const world = new SimulatedWorld();
    const pod = await world.startedPod('one', {
      lockTtlMs: LOCK_TTL_MS,
      handlerTimeoutMs: 1_000,
      retry: { maxAttempts: 2 },
      handle: () => new Promise<void>(() => undefined),
    });
    await world.publish(['a']);
    await world.untilSettled();
    expect(pod.runs).toHaveLength(2);
    expect((await world.stats()).dead).toBe(1);
  });
});

describe('a second lock around the handler', () => {
  it('keeps a message from being handled by two at once, and holds as long as the handler works', async () => {
    const world = new SimulatedWorld();
    const handlerLock = world.server.dutyLock;
    const one = await slowPod(world, 'one', 5 * LOCK_TTL_MS, { handlerLock });
    await world.publish(['a']);
    await world.clock.advance(3 * LOCK_TTL_MS);
    expect(await handlerLock.acquire('orders:stock:a', 100)).toEqual({ kind: 'busy' });
    await world.untilSettled();
    expect(one.pod.runs).toEqual(['a']);
    expect(await handlerLock.acquire('orders:stock:a', 100)).toMatchObject({ kind: 'acquired' });
  });

  it('gives the message back when somebody else holds it, and the message is processed later', async () => {
    const world = new SimulatedWorld();
    const handlerLock = world.server.dutyLock;
    await handlerLock.acquire('orders:stock:a', 3_000);
    const { pod } = await slowPod(world, 'one', 0, { handlerLock });
    await world.publish(['a']);
    await world.clock.advance(1_000);
    expect(pod.runs).toEqual([]);
    await world.untilSettled();
    expect(world.effects()).toEqual({ a: '1' });
  });

  it('tells the handler when it is lost; the commit stays with the store', async () => {
    const world = new SimulatedWorld();
    const { aborts } = await slowPod(world, 'one', 5 * LOCK_TTL_MS, { handlerLock: world.server.dutyLock });
    await world.publish(['a']);
    await world.clock.advance(10);
    world.server.db.locks.set('orders:stock:a', { value: 'somebody else', untilMs: Infinity });
    await world.untilSettled();
    expect(aborts).toMatchObject([{ code: 'LOCK_LOST', message: 'the second lock was lost' }]);
    expect(world.effects()).toEqual({ a: '1' });
  });

  it('fails the attempt when its nodes cannot be reached, and the message is tried again', async () => {
    const world = new SimulatedWorld();
    const lockNodes = world.server.connect();
    lockNodes.failNext('lock');
    await slowPod(world, 'one', 0, { handlerLock: lockNodes.dutyLock });
    await world.publish(['a']);
    await world.untilSettled();
    expect(world.effects()).toEqual({ a: '1' });
  });
});
