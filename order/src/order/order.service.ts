import type { OrderPlaced } from '@onlyonce/contracts';
import {
  StoreFullError,
  StoreUnavailableError,
  type Clock,
  type OutgoingMessage,
  type PublishResult,
  type Tracer,
} from '@onlyonce/core';
import type { Publisher } from '@onlyonce/nestjs';
import { badRequest, conflict, notFound, unavailable } from '@onlyonce/service';
import type { Logger } from 'pino';
import { activeTrace } from './active-trace.js';
import { keyDigestOf, orderIdOf, type OrderIds } from './order-id.js';
import { recordAccepted, type RecordLife } from './order-record.js';
import type { OrderRequest } from './order-request.js';
import type { OrderStore } from './order-store.js';
import type { OrderWatch } from './order-watch.js';
import { isSettled, type Order, type OrderStatus } from './order.js';

export interface PlacedOrder {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly duplicate?: true;
}

export interface OrderServiceDeps {
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly store: OrderStore;
  readonly watch: OrderWatch;
  readonly clock: Clock;
  readonly ids: OrderIds;
  readonly tracer: Tracer;
  readonly logger: Logger;
  readonly channel: string;
  readonly life: RecordLife;
}

/** A client is answered within this, whatever the store does. */
const ANSWER_WITHIN_MS = 1_900;

/** Accepts orders, and tells what became of them. */
export class OrderService {
  /** Children, since what is the same on every line is then serialized once. */
  private readonly accepted: Logger;
  private readonly repeated: Logger;

  constructor(private readonly deps: OrderServiceDeps) {
    const { logger, channel } = deps;
    this.accepted = logger.child({ event: 'order.accepted', channel });
    this.repeated = logger.child({ event: 'message.duplicate', channel, reason: 'already accepted' });
  }

  /**
   * Accepts an order: it is accepted when, and only when, it is in the durable backlog. The same order again is a
   * duplicate, with its status now, and changes nothing.
   * @throws ProblemError 400 an id that carries a time outside the horizon; 409 the id or the Idempotency-Key belongs
   *   to another order; 503 with the id to repeat it with, since whether it was accepted may be unknown
   */
  async place(request: OrderRequest): Promise<PlacedOrder> {
    const { clock, ids } = this.deps;
    const answerByMs = clock.monotonicMs() + ANSWER_WITHIN_MS;
    const chosenId = chooseId(request);
    const orderId = chosenId ?? ids.timed();
    const result = await this.publish(orderId, request);
    if (chosenId === undefined && (result.kind === 'too-old' || result.kind === 'from-future')) {
      // The clock of this machine is off, which is not the client's fault.
      const timeless = ids.timeless();
      return this.answer(timeless, await this.publish(timeless, request), answerByMs);
    }
    return this.answer(orderId, result, answerByMs);
  }

  /**
   * @param waitMs how long to wait for the order to be settled, milliseconds
   * @param signal aborted when nobody waits for the answer any more
   * @throws ProblemError 404 there is no such order
   * @throws StoreUnavailableError
   */
  async find(orderId: string, waitMs: number, signal: AbortSignal): Promise<Order> {
    const order = await this.read(orderId);
    if (isSettled(order) || waitMs === 0) return order;
    await this.deps.watch.whenSettled(orderId, waitMs, signal);
    return signal.aborted ? order : this.read(orderId);
  }

  private async read(orderId: string): Promise<Order> {
    const [order] = await this.deps.store.find([orderId], ANSWER_WITHIN_MS);
    if (!order) throw notFound(`there is no order ${orderId}`);
    return order;
  }

  private async publish(orderId: string, { items, idempotencyKey }: OrderRequest): Promise<PublishResult> {
    const { publisher, clock, life, channel } = this.deps;
    const body: OrderPlaced = { orderId, items: [...items] };
    const keyDigest = idempotencyKey === undefined ? undefined : keyDigestOf(idempotencyKey);
    const record: OutgoingMessage['record'] = (effects) => {
      const acceptedAt = new Date(clock.wallMs()).toISOString();
      recordAccepted(effects, { orderId, items, acceptedAt, keyDigest }, life);
    };
    try {
      return await publisher.publish(channel, { id: orderId, body, record });
    } catch (error) {
      if (error instanceof StoreFullError)
        throw unavailable('the store is full; the order was not accepted', error, { orderId });
      if (error instanceof StoreUnavailableError) throw unavailable(UNKNOWN_FATE, error, { orderId });
      throw error;
    }
  }

  private async answer(orderId: string, result: PublishResult, answerByMs: number): Promise<PlacedOrder> {
    switch (result.kind) {
      case 'accepted':
        this.accepted.info({ messageId: orderId, ...activeTrace(this.deps.tracer) });
        return { orderId, status: 'PENDING' };
      case 'duplicate': {
        this.repeated.info({ messageId: orderId, ...activeTrace(this.deps.tracer) });
        return { orderId, status: await this.statusOf(orderId, answerByMs), duplicate: true };
      }
      case 'conflict':
        throw conflict('this order id belongs to an order with other items', { orderId });
      case 'refused':
        throw conflict('this Idempotency-Key belongs to another order', {
          orderId,
          errors: [{ field: 'Idempotency-Key', message: 'belongs to another order' }],
        });
      case 'too-old':
      case 'from-future': {
        const when = result.kind === 'too-old' ? 'too long ago' : 'in the future';
        const message = `carries a time ${when}: send a new UUIDv7, or an id without a time`;
        throw badRequest([{ field: 'orderId', message }]);
      }
      default:
        return result satisfies never;
    }
  }

  private async statusOf(orderId: string, answerByMs: number): Promise<OrderStatus> {
    const withinMs = Math.max(50, answerByMs - this.deps.clock.monotonicMs());
    try {
      const [order] = await this.deps.store.find([orderId], withinMs);
      // No record: the message was injected by hand and is not settled yet.
      return order?.status ?? 'PENDING';
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      throw unavailable('the order is accepted; its status cannot be read now', error, { orderId });
    }
  }
}

const UNKNOWN_FATE =
  'the store is away; whether the order was accepted is unknown: send it again with this orderId';

/** The id as far as it is in the client's hands: given, or following from its Idempotency-Key. */
function chooseId({ orderId, idempotencyKey }: OrderRequest): string | undefined {
  if (orderId !== undefined) return orderId;
  return idempotencyKey === undefined ? undefined : orderIdOf(idempotencyKey);
}
