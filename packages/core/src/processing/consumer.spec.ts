import { describe, expect, it } from '@jest/globals';
import { CHANNEL, messageIds, onceEach, SimulatedWorld, type SimulatedPod } from '@onlyonce/testing';
import type { HandlerContext } from '../handling/handler.js';

/** The order in which a pod's calls reached the store. */
function watchCalls({ backend }: SimulatedPod): string[] {
  const calls: string[] = [];
  backend.faults.draw = (call) => {
    if (calls.at(-1) !== call) calls.push(call);
    return undefined;
  };
  return calls;
}

describe('starting', () => {
  it('registers the group, subscribes, and only then reads the backlog, so that nothing falls in between', async () => {
    const world = new SimulatedWorld();
    const pod = world.pod('one');
    const calls = watchCalls(pod);
    await world.clock.settle(pod.consumer.start());
    expect(calls).toEqual(['register', 'subscribe', 'claimDue']);
    expect(pod.consumer.currentState).toBe('ready');
  });

  it('processes what was published before there was any pod', async () => {
    const world = new SimulatedWorld();
    const ids = messageIds(300);
    await world.publish(ids);
    const pod = await world.startedPod('one');
    await world.untilSettled();
    expect(world.effects()).toEqual(onceEach(ids));
    expect(pod.telemetry.named('message.recovered')[0]).toMatchObject({ reason: 'found in the backlog' });
  });

  it('is ready when the backlog of before has been read, not earlier', async () => {
    const world = new SimulatedWorld();
    await world.publish(messageIds(20));
    const finish = Promise.withResolvers<undefined>();
    const pod = world.pod('one', { concurrency: 1, handle: () => finish.promise });
    const started = pod.consumer.start();
    await world.clock.advance(100);
    expect(pod.consumer.currentState).toBe('starting');
    finish.resolve(undefined);
    await world.clock.settle(started);
    expect(pod.consumer.currentState).toBe('ready');
  });

  it('waits for a store that is away', async () => {
    const world = new SimulatedWorld();
    const pod = world.pod('one');
    pod.backend.disconnect();
    const started = pod.consumer.start();
    await world.clock.advance(5_000);
    pod.backend.reconnect();
    await world.clock.settle(started);
    await world.publish(['a']);
    await world.untilSettled();
    expect(world.effects()).toEqual({ a: '1' });
  });

  it('happens once', async () => {
    const world = new SimulatedWorld();
    const pod = await world.startedPod('one');
    await expect(pod.consumer.start()).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  });

  it('can be given up by draining', async () => {
    const world = new SimulatedWorld();
    const pod = world.pod('one');
    pod.backend.disconnect();
    const started = pod.consumer.start();
    const told = expect(started).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await world.clock.advance(100);
    await world.clock.settle(pod.consumer.drain(1_000));
    await told;
    expect(pod.consumer.currentState).toBe('stopped');
  });
});

describe.each(['race', 'pull'] as const)('a message that is heard, strategy %s', (strategy) => {
  it('is processed at once, without the sweep', async () => {
    const world = new SimulatedWorld();
    const pod = await world.startedPod('one', { strategy });
    const before = pod.backend.faults.counts.get('claimDue');
    await world.publish(['a']);
    await world.clock.advance(1);
    expect(world.effects()).toEqual({ a: '1' });
    expect(pod.telemetry.historyOf('a')).toEqual(['message.received', 'lock.won', 'message.processed']);
    expect(pod.backend.faults.counts.get('claimDue')).toBe(before);
  });

  it('is processed by one of several pods', async () => {
    const world = new SimulatedWorld();
    const pods = [];
    for (const name of ['one', 'two', 'three']) pods.push(await world.startedPod(name, { strategy }));
    for (const pod of pods) pod.backend.faults.latencyMs = () => 1 + world.random.below(5);
    const ids = messageIds(200);
    for (let n = 0; n < ids.length; n += 10) {
      await world.publish(ids.slice(n, n + 10));
      await world.clock.advance(2);
    }
    await world.untilSettled();
    expect(world.effects()).toEqual(onceEach(ids));
    expect(pods.flatMap(({ runs }) => runs).sort()).toEqual([...ids].sort());
    for (const pod of pods) expect(pod.telemetry.named('message.received')).toHaveLength(ids.length);
  });

  it('is known to be lost to another pod, and nothing is left of it', async () => {
    const world = new SimulatedWorld();
    const [one, two] = [
      await world.startedPod('one', { strategy }),
      await world.startedPod('two', { strategy }),
    ];
    await world.publish(['a']);
    await world.clock.advance(30);
    const winner = one.runs.length === 1 ? one : two;
    const loser = winner === one ? two : one;
    expect(winner.telemetry.historyOf('a')).toContain('message.processed');
    expect(loser.telemetry.historyOf('a')).toEqual(
      strategy === 'race' ? ['message.received', 'lock.lost'] : ['message.received'],
    );
    expect([one, two].map(({ consumer }) => consumer.inFlightCount)).toEqual([0, 0]);
  });

  it('is claimed together with what came while a claim was under way', async () => {
    const world = new SimulatedWorld();
    const pod = await world.startedPod('one', { strategy });
    pod.backend.faults.latencyMs = () => 10;
    for (const id of messageIds(40)) {
      await world.publish([id]);
      await world.clock.advance(1);
    }
    await world.untilSettled();
    const calls = pod.backend.faults.counts.get(strategy === 'race' ? 'claim' : 'pull');
    expect(calls).toBeLessThanOrEqual(5);
    expect(pod.backend.faults.counts.get('commit')).toBeLessThanOrEqual(6);
    expect(world.effects()).toEqual(onceEach(messageIds(40)));
  });
});

describe('a group', () => {
  it('may mix both strategies', async () => {
    const world = new SimulatedWorld();
    for (const [name, strategy] of [
      ['one', 'race'],
      ['two', 'pull'],
      ['three', 'race'],
    ] as const) {
      const pod = await world.startedPod(name, { strategy });
      pod.backend.faults.latencyMs = () => 1 + world.random.below(5);
    }
    const ids = messageIds(200);
    for (const id of ids) {
      await world.publish([id]);
      await world.clock.advance(1);
    }
    await world.untilSettled();
    expect(world.effects()).toEqual(onceEach(ids));
  });

  it('takes effect once, and so does each other group', async () => {
    const world = new SimulatedWorld();
    const count = (group: string) => ({
      group,
      handle: (_: unknown, { messageId, tx }: HandlerContext) => {
        tx.hash(group).add(messageId, 1);
      },
    });
    for (const group of ['stock', 'mail']) {
      await world.startedPod(`${group}-1`, count(group));
      await world.startedPod(`${group}-2`, count(group));
    }
    const ids = messageIds(50);
    await world.publish(ids);
    await world.untilSettled();
    await world.untilSettled(60_000, { channel: CHANNEL, group: 'mail' });
    for (const group of ['stock', 'mail']) expect(world.server.db.effects.hash(group)).toEqual(onceEach(ids));
  });
});

describe('what is heard on the channel and is no envelope', () => {
  it('is told of and ignored', async () => {
    const world = new SimulatedWorld();
    const pod = await world.startedPod('one');
    pod.backend.feed.sayGarbage('x'.repeat(1_000));
    await world.publish(['a']);
    await world.untilSettled();
    const [notice] = pod.telemetry.notices.filter(({ event }) => event === 'engine.bad_envelope');
    expect(notice?.fields?.['sample']).toHaveLength(100);
    expect(world.effects()).toEqual({ a: '1' });
  });
});
