import { noTracer, StoreFullError, StoreUnavailableError, type PublishResult } from '@onlyonce/core';
import type { Publisher } from '@onlyonce/nestjs';
import { FakeClock } from '@onlyonce/testing';
import { describe, expect, it } from '@jest/globals';
import { ProblemError } from '@onlyonce/service';
import { pino } from 'pino';
import { orderIdOf } from './order-id.js';
import type { OrderRequest } from './order-request.js';
import { OrderWatch } from './order-watch.js';
import { OrderService } from './order.service.js';

type Published = { id: string; body: unknown };

const forEver = { orderMs: Number.POSITIVE_INFINITY, idempotencyKeyMs: Number.POSITIVE_INFINITY };
const request = (fields: Partial<OrderRequest> = {}): OrderRequest => ({
  orderId: 'o',
  items: [{ id: 'a', quantity: 1 }],
  idempotencyKey: undefined,
  ...fields,
});

/** A service whose store answers what it is told to, in turn. */
function setUp(...answers: (PublishResult['kind'] | Error)[]) {
  const published: Published[] = [];
  const lines: Record<string, unknown>[] = [];
  const publish: Publisher['publish'] = (_, { id, body }) => {
    published.push({ id, body });
    const answer = answers.shift();
    if (answer instanceof Error) return Promise.reject(answer);
    return Promise.resolve({ kind: answer } as PublishResult);
  };
  const clock = new FakeClock();
  const store = {
    find: (ids: readonly string[]) =>
      Promise.resolve(
        ids.map((orderId) =>
          orderId === 'o'
            ? { orderId, status: 'CONFIRMED' as const, processedBy: 'p', processedAt: 't', attempts: 1 }
            : undefined,
        ),
      ),
  };
  const service = new OrderService({
    publisher: { publish },
    store,
    watch: new OrderWatch(store, clock),
    clock,
    ids: { timed: () => 'timed', timeless: () => 'timeless' },
    tracer: noTracer,
    logger: pino(
      { base: null },
      { write: (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>) },
    ),
    channel: 'order_updates',
    life: forEver,
  });
  return { service, published, lines };
}

const problemOf = async (work: Promise<unknown>): Promise<ProblemError> => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ProblemError) return error;
  throw new Error('no problem', { cause: error });
};

describe('OrderService', () => {
  it('publishes the same bytes for the same order: nothing in it depends on the moment', async () => {
    const { service, published, lines } = setUp('accepted', 'duplicate');
    expect(await service.place(request())).toEqual({ orderId: 'o', status: 'PENDING' });
    expect(await service.place(request())).toEqual({ orderId: 'o', status: 'CONFIRMED', duplicate: true });
    expect(JSON.stringify(published[0])).toBe(JSON.stringify(published[1]));
    expect(published[0]).toEqual({ id: 'o', body: { orderId: 'o', items: [{ id: 'a', quantity: 1 }] } });
    expect(lines.map(({ event, messageId, reason }) => ({ event, messageId, reason }))).toEqual([
      { event: 'order.accepted', messageId: 'o' },
      { event: 'message.duplicate', messageId: 'o', reason: 'already accepted' },
    ]);
  });

  it('chooses the id: the given one, that of the Idempotency-Key, or a new one', async () => {
    const { service, published } = setUp('accepted', 'accepted', 'accepted');
    await service.place(request({ idempotencyKey: 'k' }));
    await service.place(request({ orderId: undefined, idempotencyKey: 'k' }));
    await service.place(request({ orderId: undefined }));
    expect(published.map(({ id }) => id)).toEqual(['o', orderIdOf('k'), 'timed']);
  });

  it('does without the time in its own ids when the clock of this machine is off', async () => {
    for (const kind of ['from-future', 'too-old'] as const) {
      const { service, published } = setUp(kind, 'accepted');
      expect(await service.place(request({ orderId: undefined }))).toEqual({
        orderId: 'timeless',
        status: 'PENDING',
      });
      expect(published.map(({ id }) => id)).toEqual(['timed', 'timeless']);
    }
  });

  it.each([
    ['conflict', 409, undefined],
    ['refused', 409, 'Idempotency-Key'],
    ['too-old', 400, 'orderId'],
    ['from-future', 400, 'orderId'],
  ] as const)('answers %s with %d', async (kind, status, field) => {
    const { service, lines } = setUp(kind);
    const { problem } = await problemOf(service.place(request()));
    expect(problem.status).toBe(status);
    expect(problem.errors?.[0]?.field).toBe(field);
    expect(lines).toEqual([]);
  });

  it.each([new StoreUnavailableError('away'), new StoreFullError('full')])(
    'answers 503 with the id to repeat it with: %s',
    async (error) => {
      const { service, lines } = setUp(error);
      const thrown = await problemOf(service.place(request({ orderId: undefined })));
      expect(thrown.problem).toMatchObject({ status: 503, orderId: 'timed' });
      expect(thrown.retryAfterSeconds).toBe(1);
      expect(lines).toEqual([]);
    },
  );

  it('lets a fault of its own through as it is', async () => {
    const fault = new TypeError('a bug');
    await expect(setUp(fault).service.place(request())).rejects.toBe(fault);
  });

  it('finds an order, or answers 404', async () => {
    const { service } = setUp();
    const stays = new AbortController().signal;
    expect(await service.find('o', 5_000, stays)).toMatchObject({ status: 'CONFIRMED' });
    expect((await problemOf(service.find('none', 0, stays))).problem.status).toBe(404);
  });
});
