import { describe, expect, it } from '@jest/globals';
import { countEffect, HeldCrashPoints, messageIds, onceEach, SimulatedWorld } from '@onlyonce/testing';
import type { CrashPoint } from '../ports/crash-points.js';

const LOCK_TTL_MS = 1_000;
const ids = messageIds(10);

describe('a pod that dies', () => {
  it.each<{ window: string; point: CrashPoint }>([
    { window: 'W3, envelope received, before the claim', point: 'envelope.received' },
    { window: 'W4, claim done, answer known', point: 'claim.answered' },
    { window: 'W5, handler half way', point: 'handler.started' },
    { window: 'W6, handler done, before the commit', point: 'handler.done' },
    { window: 'W7, commit done', point: 'commit.answered' },
  ])('is survived by its messages: $window', async ({ point }) => {
    const world = new SimulatedWorld();
    const crashPoints = new HeldCrashPoints();
    const held = crashPoints.hold(point);
    const dying = await world.startedPod('dying', { lockTtlMs: LOCK_TTL_MS, crashPoints });
    await world.publish(ids);
    await world.clock.settle(held.reached);
    dying.kill();
    await world.startedPod('heir', { lockTtlMs: LOCK_TTL_MS });
    await world.untilSettled(2 * LOCK_TTL_MS);
    expect(world.effects()).toEqual(onceEach(ids));
  });

  it('is named by the pod that takes over, and counted as an attempt', async () => {
    const world = new SimulatedWorld();
    const crashPoints = new HeldCrashPoints();
    const held = crashPoints.hold('handler.started');
    const dying = await world.startedPod('dying', { lockTtlMs: LOCK_TTL_MS, crashPoints });
    await world.publish(['a']);
    await world.clock.settle(held.reached);
    dying.kill();
    const heir = await world.startedPod('heir', { lockTtlMs: LOCK_TTL_MS });
    await world.untilSettled();
    expect(heir.telemetry.named('message.recovered')).toMatchObject([
      { messageId: 'a', previousPod: 'dying', reason: 'its owner vanished', attempt: 2 },
    ]);
  });

  it('and comes to life again has its results judged by the store alone (W5, W8)', async () => {
    const world = new SimulatedWorld();
    const zombie = world.pod('zombie', {
      lockTtlMs: LOCK_TTL_MS,
      handle: async (message, context) => {
        await zombie.sleep(300);
        countEffect(message, context);
      },
    });
    await world.clock.settle(zombie.consumer.start());
    await world.publish(ids);
    await world.clock.advance(10);
    zombie.pause();
    // Half of them are taken over while it sleeps.
    const heir = await world.startedPod('heir', { lockTtlMs: LOCK_TTL_MS, concurrency: 2, maxInFlight: 5 });
    await world.clock.advanceUntil(() => heir.runs.length >= 5);
    zombie.resume();
    await world.untilSettled();
    expect(world.effects()).toEqual(onceEach(ids));
    expect(zombie.telemetry.named('message.duplicate').length).toBeGreaterThan(0);
  });

  it('with all others is no loss: whoever comes next finds everything', async () => {
    const world = new SimulatedWorld();
    const pods = [];
    for (const name of ['one', 'two', 'three'])
      pods.push(await world.startedPod(name, { lockTtlMs: LOCK_TTL_MS }));
    for (const pod of pods) pod.kill();
    await world.publish(messageIds(500));
    await world.clock.advance(60_000);
    expect(world.effects()).toEqual({});
    await world.startedPod('next');
    await world.untilSettled();
    expect(world.effects()).toEqual(onceEach(messageIds(500)));
  });
});

describe('a message that kills its owners (F4)', () => {
  it('is dead after the takeovers allowed, and none of its neighbours is', async () => {
    const world = new SimulatedWorld(7);
    const options = { lockTtlMs: 200, maxTakeovers: 5, concurrency: 8 };
    const start = (name: string): void => {
      const pod = world.pod(name, {
        ...options,
        handle: async (message, context) => {
          if (context.messageId === 'poison') {
            pod.kill();
            start(`${name}x`);
            return;
          }
          await pod.sleep(20);
          countEffect(message, context);
        },
      });
      void pod.consumer.start().catch(() => undefined);
    };
    for (const name of ['one', 'two', 'three']) start(name);
    await world.clock.advance(10);
    const healthy = messageIds(60);
    for (const id of [...healthy.slice(0, 30), 'poison', ...healthy.slice(30)]) {
      await world.publish([id]);
      await world.clock.advance(5);
    }
    await world.untilSettled(120_000);
    expect(world.effects()).toEqual(onceEach(healthy));
    const dead = await world.server.store.inspect(
      { channel: 'orders', group: 'stock' },
      'dead',
      undefined,
      10,
    );
    expect(dead.rows).toMatchObject([
      { messageId: 'poison', error: 'PERMANENT_FAILURE: 6 owners vanished while they processed it' },
    ]);
    const runs = world.pods.flatMap((pod) => pod.runs.filter((id) => id === 'poison'));
    expect(runs).toHaveLength(6);
  });
});
