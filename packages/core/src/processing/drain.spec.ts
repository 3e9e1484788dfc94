import { describe, expect, it } from '@jest/globals';
import { countEffect, messageIds, onceEach, SimulatedWorld, type PodSetup } from '@onlyonce/testing';

const LOCK_TTL_MS = 10_000;

/** A pod whose handlers take that long. */
async function podWithHandlersOf(ms: number, world: SimulatedWorld, setup: PodSetup = {}) {
  const aborts: unknown[] = [];
  const pod = world.pod('leaving', {
    lockTtlMs: LOCK_TTL_MS,
    concurrency: 4,
    handle: async (message, context) => {
      context.signal.addEventListener('abort', () => aborts.push(context.signal.reason));
      await pod.sleep(ms);
      countEffect(message, context);
    },
    ...setup,
  });
  await world.clock.settle(pod.consumer.start());
  return { pod, aborts };
}

describe('draining (W11)', () => {
  it('lets running handlers finish and their results be committed', async () => {
    const world = new SimulatedWorld();
    const { pod, aborts } = await podWithHandlersOf(500, world);
    await world.publish(messageIds(4));
    await world.clock.advance(10);
    await world.clock.settle(pod.consumer.drain(5_000));
    expect(world.effects()).toEqual(onceEach(messageIds(4)));
    expect(aborts).toEqual([]);
    expect(pod.consumer.currentState).toBe('stopped');
    expect(world.clock.monotonicMs()).toBeLessThan(1_000);
  });

  it('gives back at once what has not started, so that nobody waits for a TTL', async () => {
    const world = new SimulatedWorld();
    const { pod } = await podWithHandlersOf(500, world);
    await world.publish(messageIds(8));
    await world.clock.advance(10);
    expect(pod.consumer.inFlightCount).toBe(8);
    const drained = pod.consumer.drain(5_000);
    const heir = await world.startedPod('heir', { lockTtlMs: LOCK_TTL_MS });
    await world.clock.advance(100);
    expect([...heir.runs].sort()).toEqual(['m4', 'm5', 'm6', 'm7']);
    await world.clock.settle(drained);
    expect(world.effects()).toEqual(onceEach(messageIds(8)));
    expect(heir.telemetry.named('lock.won').map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1]);
    expect(pod.telemetry.named('message.released')).toHaveLength(4);
  });

  it('aborts handlers that do not end in time and gives their messages back; what they still return does not count', async () => {
    const world = new SimulatedWorld();
    const { pod, aborts } = await podWithHandlersOf(3_000, world);
    await world.publish(messageIds(2));
    await world.clock.advance(10);
    const heir = await world.startedPod('heir', { lockTtlMs: LOCK_TTL_MS });
    await world.clock.settle(pod.consumer.drain(1_000));
    expect(aborts).toMatchObject([{ code: 'SHUTTING_DOWN' }, { code: 'SHUTTING_DOWN' }]);
    await world.clock.advance(10);
    expect(heir.runs).toEqual(messageIds(2));
    await world.clock.advance(20_000);
    expect(world.effects()).toEqual(onceEach(messageIds(2)));
    expect(pod.telemetry.named('message.processed')).toEqual([]);
  });

  it.each(['race', 'pull'] as const)(
    'gives back what a claim under way still wins (%s)',
    async (strategy) => {
      const world = new SimulatedWorld();
      const { pod } = await podWithHandlersOf(500, world, { strategy });
      // The envelope and the claim travel at once; the answer takes its time.
      const travels = [0, 0, 400];
      pod.backend.faults.latencyMs = () => travels.shift() ?? 0;
      await world.publish(['a']);
      // The claim is on its way: the pod does not hold the message yet.
      await world.clock.advance(50);
      const drained = pod.consumer.drain(5_000);
      await world.clock.settle(drained);
      const heir = await world.startedPod('heir', { lockTtlMs: LOCK_TTL_MS });
      await world.clock.advance(100);
      expect(heir.runs).toEqual(['a']);
      expect(heir.telemetry.named('lock.won').map(({ attempt }) => attempt)).toEqual([1]);
      expect(world.clock.monotonicMs()).toBeLessThan(LOCK_TTL_MS);
    },
  );

  it('claims nothing more, whatever is heard', async () => {
    const world = new SimulatedWorld();
    const { pod } = await podWithHandlersOf(500, world);
    await world.publish(['a']);
    await world.clock.advance(10);
    const drained = pod.consumer.drain(5_000);
    await world.publish(['b']);
    await world.clock.settle(drained);
    await world.clock.advance(60_000);
    expect(pod.runs).toEqual(['a']);
    expect((await world.stats()).depth).toBe(1);
  });

  it('leaves no timer, no subscription and nothing in flight behind', async () => {
    const world = new SimulatedWorld();
    const { pod } = await podWithHandlersOf(100, world);
    await world.publish(messageIds(20));
    await world.clock.advance(150);
    await world.clock.settle(pod.consumer.drain(5_000));
    await world.clock.advance(LOCK_TTL_MS);
    expect(world.clock.waiting).toBe(0);
    expect(world.server.db.listeners.size).toBe(0);
    expect(pod.consumer.inFlightCount).toBe(0);
  });

  it('ends in time even if the store is away', async () => {
    const world = new SimulatedWorld();
    const { pod } = await podWithHandlersOf(10, world);
    await world.publish(messageIds(8));
    pod.backend.disconnect();
    await world.clock.advance(100);
    const beganAtMs = world.clock.monotonicMs();
    await world.clock.settle(pod.consumer.drain(1_000), 10_000);
    expect(world.clock.monotonicMs() - beganAtMs).toBeLessThanOrEqual(1_500);
    await world.startedPod('heir', { lockTtlMs: LOCK_TTL_MS });
    await world.untilSettled();
    expect(world.effects()).toEqual(onceEach(messageIds(8)));
  });

  it('of each pod in turn needs no takeover and loses nothing', async () => {
    const world = new SimulatedWorld();
    const start = async (name: string) => {
      const pod = world.pod(name, {
        lockTtlMs: LOCK_TTL_MS,
        handle: async (message, context) => {
          await pod.sleep(30);
          countEffect(message, context);
        },
      });
      pod.backend.faults.latencyMs = () => 1;
      await world.clock.settle(pod.consumer.start());
      return pod;
    };
    let pods = [await start('a0'), await start('b0'), await start('c0')];
    const ids = messageIds(300);
    const publishing = (async () => {
      for (const id of ids) {
        await world.publisher.publish('orders', { id, body: {} });
        await new Promise<void>((resolve) => world.clock.after(3, resolve));
      }
    })();
    for (let turn = 1; turn <= 6; turn += 1) {
      await world.clock.advance(100);
      const [leaving, ...staying] = pods;
      if (leaving) await world.clock.settle(leaving.consumer.drain(5_000));
      pods = [...staying, await start(`p${turn}`)];
    }
    await world.clock.settle(publishing);
    await world.untilSettled();
    expect(world.effects()).toEqual(onceEach(ids));
    const recovered = world.pods.flatMap(({ telemetry }) => telemetry.named('message.recovered'));
    expect(recovered.filter(({ reason }) => reason === 'its owner vanished')).toEqual([]);
  });
});
