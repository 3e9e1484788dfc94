import { describe, expect, it } from '@jest/globals';
import {
  CHANNEL,
  countEffect,
  EFFECTS,
  messageIds,
  onceEach,
  SimulatedWorld,
  type PodSetup,
} from '@onlyonce/testing';
import { BusinessRejection, PermanentFailure, RetryableFailure } from '../errors.js';
import type { HandlerContext, Schema } from '../handling/handler.js';
import { messageId } from '../ids.js';
import type { InboxState } from '../ports/message-store.js';

const REF = { channel: CHANNEL, group: 'stock' };

/** A world with one pod, and one message published. */
async function processing(setup: PodSetup) {
  const world = new SimulatedWorld();
  const pod = await world.startedPod('one', setup);
  await world.publish(['a']);
  await world.clock.advance(1);
  const rows = async (state: InboxState) =>
    (await world.server.store.inspect(REF, state, undefined, 10)).rows;
  return { world, pod, rows, history: () => pod.telemetry.historyOf('a') };
}

describe('a handler that returns', () => {
  it('confirms: what it declared takes effect', async () => {
    const { world, history, rows } = await processing({});
    expect(world.effects()).toEqual({ a: '1' });
    expect(history().at(-1)).toBe('message.processed');
    expect(await rows('processed')).toMatchObject([{ messageId: 'a', outcome: 'confirmed' }]);
  });

  it('gets the parsed message and who it is for', async () => {
    const seen: { message: unknown; context: HandlerContext }[] = [];
    const { pod } = await processing({ handle: (message, context) => void seen.push({ message, context }) });
    expect(seen[0]?.message).toEqual({ id: 'a' });
    expect(seen[0]?.context).toMatchObject({
      messageId: 'a',
      channel: CHANNEL,
      group: 'stock',
      pod: 'one',
      attempt: 1,
    });
    const [won] = pod.telemetry.named('lock.won');
    expect(seen[0]?.context.fencingToken).toBe(won?.fencingToken);
  });

  it('is rejected by the store when a guard does not hold', async () => {
    const { world, pod } = await processing({
      handle: (_, { tx }) => {
        tx.hash('stock').take('apple', 1, { ifMissing: 'unknown', ifShort: 'short' });
        tx.ifRejected.hash(EFFECTS).put({ a: 'rejected' });
      },
    });
    expect(world.effects()).toEqual({ a: 'rejected' });
    expect(pod.telemetry.named('message.rejected')).toMatchObject([
      { reason: 'unknown', outcome: 'rejected' },
    ]);
  });

  it('fails, and is tried again, when an effect of it cannot be applied', async () => {
    let attempts = 0;
    const { world, history } = await processing({
      handle: (_, { tx }) => {
        attempts += 1;
        if (attempts === 1) tx.hash(EFFECTS).put({ text: 'x' }).add('text', 1);
        else countEffectOf(tx);
      },
    });
    await world.untilSettled();
    expect(history()).toContain('message.retry');
    expect(world.effects()).toEqual({ a: '1' });
  });
});

describe('a handler that throws', () => {
  it('BusinessRejection rejects: only what was declared for a rejection happens, and it is not tried again', async () => {
    const { world, pod, rows } = await processing({
      handle: (_, { tx }) => {
        tx.hash(EFFECTS).add('wrong', 1);
        tx.ifRejected.hash(EFFECTS).add('right', 1);
        tx.emit('results', 'wrong');
        tx.ifRejected.emit('results', (reason) => ({ reason }));
        throw new BusinessRejection('closed');
      },
    });
    await world.clock.advance(60_000);
    expect(world.effects()).toEqual({ right: '1' });
    expect(pod.runs).toEqual(['a']);
    expect(pod.telemetry.named('message.rejected')).toMatchObject([{ reason: 'closed' }]);
    expect(await rows('processed')).toMatchObject([{ outcome: 'rejected' }]);
    expect(world.server.db.channel('results').unrouted).toMatchObject([
      { id: 'a:stock:r0', body: '{"reason":"closed"}' },
    ]);
  });

  it.each([
    { what: 'RetryableFailure', error: new RetryableFailure('busy'), reason: 'RETRYABLE_FAILURE: busy' },
    { what: 'any other error', error: new TypeError('a bug'), reason: 'TypeError: a bug' },
    { what: 'something that is no error', error: 'text', reason: 'text' },
  ])('$what is tried again, and nothing of the failed run takes effect', async ({ error, reason }) => {
    let runs = 0;
    const { world, pod } = await processing({
      handle: (message, context) => {
        countEffect(message, context);
        runs += 1;
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- handlers are not ours
        if (runs < 3) throw error;
      },
    });
    expect(world.effects()).toEqual({});
    await world.untilSettled();
    expect(world.effects()).toEqual({ a: '1' });
    expect(pod.telemetry.named('message.retry').map((event) => event.reason)).toEqual([reason, reason]);
    expect(pod.telemetry.named('lock.won').map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  it('waits longer after each failure', async () => {
    const { world, pod } = await processing({
      sweepIntervalMs: 10,
      retry: { baseDelayMs: 1_000, maxDelayMs: 100_000, maxAttempts: 5 },
      handle: () => {
        throw new RetryableFailure('busy');
      },
    });
    await world.untilSettled();
    const delays = pod.telemetry.named('message.retry').map(({ retryInMs }) => retryInMs ?? 0);
    expect(delays).toHaveLength(4);
    delays.forEach((delay, failures) => {
      expect(delay).toBeGreaterThanOrEqual(500 * 2 ** failures);
      expect(delay).toBeLessThanOrEqual(1_000 * 2 ** failures);
    });
  });

  it('becomes a dead letter after the last attempt, and says so in an event of its own', async () => {
    const { world, pod, rows } = await processing({
      retry: { maxAttempts: 3 },
      handle: () => {
        throw new RetryableFailure('busy');
      },
      onDead: (body, report) => [{ channel: 'results', body: { body, report } }],
    });
    await world.untilSettled();
    expect(pod.runs).toHaveLength(3);
    expect(world.effects()).toEqual({});
    expect(await rows('dead')).toMatchObject([
      { messageId: 'a', error: 'RETRYABLE_FAILURE: busy', attempt: 3 },
    ]);
    const [event, ...others] = world.server.db.channel('results').unrouted;
    expect(others).toEqual([]);
    expect(JSON.parse(event?.body ?? '')).toEqual({
      body: { id: 'a' },
      report: {
        messageId: 'a',
        reason: 'RETRYABLE_FAILURE: busy',
        attempts: 3,
        pod: 'one',
        fencingToken: expect.stringMatching(/^\d+$/),
        atMs: expect.any(Number),
      },
    });
  });

  it('PermanentFailure makes a dead letter at once', async () => {
    const { pod, rows } = await processing({
      handle: () => {
        throw new PermanentFailure('hopeless');
      },
    });
    expect(pod.runs).toHaveLength(1);
    expect(await rows('dead')).toMatchObject([{ error: 'PERMANENT_FAILURE: hopeless' }]);
    expect(pod.telemetry.named('message.dead')).toMatchObject([{ reason: 'PERMANENT_FAILURE: hopeless' }]);
  });

  it('dies without its events when onDead throws', async () => {
    const { pod, rows } = await processing({
      handle: () => {
        throw new PermanentFailure('hopeless');
      },
      onDead: () => {
        throw new Error('a bug');
      },
    });
    expect(await rows('dead')).toHaveLength(1);
    expect(pod.telemetry.notices).toMatchObject([{ event: 'engine.on_dead_failed' }]);
  });

  it('a dead letter that is redriven is processed, and may die and be told of again', async () => {
    let hopeless = true;
    const { world, pod, rows } = await processing({
      handle: (message, context) => {
        if (hopeless) throw new PermanentFailure('hopeless');
        countEffect(message, context);
      },
      onDead: () => [{ channel: 'results', body: 'dead' }],
    });
    const redrive = async (): Promise<void> => {
      await world.server.store.redrive(REF, [messageId('a')]);
      await world.clock.advance(10);
    };
    await redrive();
    expect(await rows('dead')).toHaveLength(1);
    hopeless = false;
    await redrive();
    expect(world.effects()).toEqual({ a: '1' });
    expect(pod.runs).toHaveLength(3);
    const ids = world.server.db.channel('results').unrouted.map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });
});

describe('a message that does not fit', () => {
  const schema: Schema<unknown> = {
    '~standard': {
      validate: async (value) => {
        await Promise.resolve();
        return typeof value === 'object' && value !== null && 'quantity' in value
          ? { value: { ...value, checked: true } }
          : {
              issues: [
                { message: 'is missing', path: ['items', { key: 0 }, 'quantity'] },
                { message: 'is odd' },
              ],
            };
      },
    },
  };

  it('its schema is a dead letter, and the handler does not see it', async () => {
    const { pod, rows } = await processing({ schema });
    expect(pod.runs).toEqual([]);
    const error = 'INVALID_MESSAGE: the body does not fit its schema: items.0.quantity: is missing; is odd';
    expect(await rows('dead')).toMatchObject([{ error }]);
  });

  it('JSON is a dead letter', async () => {
    const { world, rows } = await processing({});
    const item = { id: messageId('b'), body: '{not json', headers: {}, effects: [] };
    await world.server.store.publish(CHANNEL, [item]);
    await world.clock.advance(1);
    expect(await rows('dead')).toMatchObject([
      { messageId: 'b', error: 'INVALID_MESSAGE: the body is not JSON' },
    ]);
  });

  it('spoils none of the others', async () => {
    const { world } = await processing({});
    const bad = { id: messageId('b'), body: '', headers: {}, effects: [] };
    await world.server.store.publish(CHANNEL, [bad]);
    await world.publish(messageIds(20));
    await world.untilSettled();
    expect(world.effects()).toEqual(onceEach(['a', ...messageIds(20)]));
  });

  it('is given to the handler as its schema made it', async () => {
    const seen: unknown[] = [];
    const world = new SimulatedWorld();
    await world.startedPod('one', { schema, handle: (message) => void seen.push(message) });
    await world.publisher.publish(CHANNEL, { id: 'a', body: { quantity: 1 } });
    await world.clock.advance(1);
    expect(seen).toEqual([{ quantity: 1, checked: true }]);
  });
});

function countEffectOf(tx: HandlerContext['tx']): void {
  tx.hash(EFFECTS).add('a', 1);
}
