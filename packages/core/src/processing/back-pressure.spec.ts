import { describe, expect, it } from '@jest/globals';
import { messageIds, onceEach, SimulatedWorld } from '@onlyonce/testing';

describe('a flood', () => {
  it.each([
    { count: 100_000, strategy: 'race' },
    { count: 20_000, strategy: 'pull' },
  ] as const)(
    'of $count messages takes time and no memory, and each is processed, strategy $strategy',
    async ({ count, strategy }) => {
      const world = new SimulatedWorld();
      const options = { strategy, concurrency: 64, maxInFlight: 256 };
      const pod = await world.startedPod('one', options);
      let mostInFlight = 0;
      pod.backend.faults.latencyMs = () => {
        mostInFlight = Math.max(mostInFlight, pod.consumer.inFlightCount);
        return 1;
      };
      const ids = messageIds(count);
      // Faster than anybody could process: all of it is heard before the first commit.
      await world.publish(ids);
      await world.untilSettled(600_000);
      expect(world.effects()).toEqual(onceEach(ids));
      expect(mostInFlight).toBeLessThanOrEqual(256);
      expect(pod.runs).toHaveLength(ids.length);
    },
    60_000,
  );

  it('is shared: what one pod has no room for goes to another', async () => {
    const world = new SimulatedWorld();
    const pods = [];
    for (const name of ['one', 'two', 'three', 'four']) {
      const pod = world.pod(name, { concurrency: 4, handle: async () => pod.sleep(50) });
      pod.backend.faults.latencyMs = () => 1;
      await world.clock.settle(pod.consumer.start());
      pods.push(pod);
    }
    await world.publish(messageIds(400));
    await world.untilSettled();
    const shares = pods.map(({ runs }) => runs.length);
    expect(shares.reduce((sum, share) => sum + share)).toBe(400);
    for (const share of shares) expect(share).toBeGreaterThan(60);
  });
});

describe('concurrency', () => {
  it('is the most handlers that run at the same time', async () => {
    const world = new SimulatedWorld();
    let running = 0;
    let most = 0;
    const pod = world.pod('one', {
      concurrency: 5,
      handle: async () => {
        running += 1;
        most = Math.max(most, running);
        await pod.sleep(10);
        running -= 1;
      },
    });
    await world.clock.settle(pod.consumer.start());
    await world.publish(messageIds(100));
    await world.untilSettled();
    expect(most).toBe(5);
  });

  it('of 1 is as good as any', async () => {
    const world = new SimulatedWorld();
    await world.startedPod('one', { concurrency: 1, maxInFlight: 1, maxBatch: 1 });
    await world.publish(messageIds(50));
    await world.untilSettled();
    expect(world.effects()).toEqual(onceEach(messageIds(50)));
  });
});

describe('an unreachable store', () => {
  it('does not fill the memory with results: no more is claimed than may be in flight', async () => {
    const world = new SimulatedWorld();
    const pod = await world.startedPod('one', { concurrency: 8, maxInFlight: 20 });
    pod.backend.faults.draw = (call) => (call === 'commit' ? 'fail' : undefined);
    await world.publish(messageIds(200));
    await world.clock.advance(2_000);
    expect(pod.consumer.inFlightCount).toBe(20);
    pod.backend.faults.draw = () => undefined;
    await world.untilSettled();
    expect(world.effects()).toEqual(onceEach(messageIds(200)));
  });
});
