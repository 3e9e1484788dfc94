import { describe, expect, it } from '@jest/globals';
import { messageIds, onceEach, SimulatedWorld } from '@onlyonce/testing';
import { RetryableFailure } from '../errors.js';

const ids = messageIds(30);

describe.each(['race', 'pull'] as const)('strategy %s', (strategy) => {
  it('a feed that loses everything costs time only: the sweep finds the messages (W2)', async () => {
    const world = new SimulatedWorld();
    const pod = await world.startedPod('one', { strategy, lockTtlMs: 1_000 });
    pod.backend.loseFeed();
    await world.publish(ids);
    await world.clock.advance(200);
    expect(world.effects()).toEqual({});
    await world.clock.advance(1_000);
    expect(world.effects()).toEqual(onceEach(ids));
    expect(pod.telemetry.named('message.received')).toEqual([]);
    expect(pod.telemetry.named('message.recovered')).toHaveLength(ids.length);
  });

  it('what was published while the subscription was away is read at once when it is back', async () => {
    const world = new SimulatedWorld();
    const pod = await world.startedPod('one', { strategy, sweepIntervalMs: 600_000 });
    pod.backend.disconnect();
    await world.publish(ids);
    pod.backend.reconnect();
    await world.clock.advance(1);
    expect(world.effects()).toEqual(onceEach(ids));
  });

  it('a claim whose answer is lost is asked again, and wins what it had won (W4)', async () => {
    const world = new SimulatedWorld();
    const pod = await world.startedPod('one', { strategy, sweepIntervalMs: 600_000 });
    pod.backend.loseAnswerOf(strategy === 'race' ? 'claim' : 'pull', 3);
    await world.publish(ids);
    await world.clock.advance(1_000);
    expect(world.effects()).toEqual(onceEach(ids));
    expect(pod.runs).toEqual(ids);
  });

  it('a commit whose answer is lost is asked again, and is told for what it is (W7)', async () => {
    const world = new SimulatedWorld();
    const pod = await world.startedPod('one', { strategy });
    pod.backend.loseAnswerOf('commit', 4);
    await world.publish(ids);
    await world.clock.advance(3_000);
    expect(world.effects()).toEqual(onceEach(ids));
    expect(pod.runs).toEqual(ids);
    expect(pod.telemetry.named('message.processed')).toHaveLength(ids.length);
    expect(pod.consumer.inFlightCount).toBe(0);
  });
});

it('a failure whose answer is lost is recorded once (W9)', async () => {
  const world = new SimulatedWorld();
  const pod = await world.startedPod('one', {
    retry: { maxAttempts: 3 },
    handle: () => {
      throw new RetryableFailure('busy');
    },
  });
  pod.backend.loseAnswerOf('fail', 4);
  await world.publish(['a']);
  await world.untilSettled();
  expect(pod.runs).toHaveLength(3);
  expect((await world.stats()).dead).toBe(1);
});

it('a scan whose answer is lost is asked again, and hands out what it had handed out', async () => {
  const world = new SimulatedWorld();
  await world.publish(ids);
  const pod = world.pod('one', { sweepIntervalMs: 600_000 });
  pod.backend.loseAnswerOf('claimDue', 2);
  await world.clock.settle(pod.consumer.start());
  await world.clock.advance(100);
  expect(world.effects()).toEqual(onceEach(ids));
  expect(pod.runs).toEqual(ids);
});

it('results are kept while the store is away, and the handlers do not run again', async () => {
  const world = new SimulatedWorld();
  const pod = world.pod('one', {
    lockTtlMs: 60_000,
    handle: async (_, { messageId, tx }) => {
      await pod.sleep(100);
      tx.hash('effects').add(messageId, 1);
    },
  });
  await world.clock.settle(pod.consumer.start());
  await world.publish(ids);
  await world.clock.advance(50);
  pod.backend.disconnect();
  await world.clock.advance(20_000);
  expect(world.effects()).toEqual({});
  pod.backend.reconnect();
  await world.untilSettled();
  expect(world.effects()).toEqual(onceEach(ids));
  expect(pod.runs).toEqual(ids);
});

it('a store that lost everything is registered with again, and what comes next is processed', async () => {
  const world = new SimulatedWorld();
  const pod = await world.startedPod('one');
  world.server.db.loseEverything();
  pod.backend.disconnect();
  pod.backend.reconnect();
  await world.clock.advance(100);
  await world.publish(ids);
  await world.untilSettled();
  expect(world.effects()).toEqual(onceEach(ids));
});

it('a clock of the store that steps costs takeovers or time, no effect', async () => {
  const world = new SimulatedWorld();
  const pods = [];
  for (const name of ['one', 'two']) {
    const pod = world.pod(name, {
      lockTtlMs: 1_000,
      handle: async (_, { messageId, tx }) => {
        await pod.sleep(500);
        tx.hash('effects').add(messageId, 1);
      },
    });
    await world.clock.settle(pod.consumer.start());
    pods.push(pod);
  }
  for (const stepMs of [20_000, -20_000, 3_600_000, -3_600_000]) {
    await world.publish(messageIds(10).map((id) => `${id}of${stepMs}`));
    await world.clock.advance(200);
    world.server.db.stepClock(stepMs);
    await world.clock.advance(10_000);
  }
  await world.untilSettled(7_200_000);
  expect(Object.values(world.effects())).toEqual(Array.from({ length: 40 }, () => '1'));
});
