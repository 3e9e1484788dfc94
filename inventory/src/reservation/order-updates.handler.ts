import { Inject, Injectable } from '@nestjs/common';
import {
  ORDER_RESULTS,
  ORDER_UPDATES,
  orderPlacedSchema,
  type OrderPlaced,
  type OrderSettled,
} from '@onlyonce/contracts';
import type { Clock, DeathEvent, DeathReport, HandlerContext } from '@onlyonce/core';
import { ProcessOnce } from '@onlyonce/nestjs';
import { failedOrder } from './failed-order.js';
import { reserve } from './reserve.js';

/** Stands for the group of this service until the environment names it. */
export const INVENTORY_GROUP = 'inventory';
export const CLOCK = Symbol('Clock');

/** Reserves the stock of an order. Stock, processed id, and the event that tells of it change in one step, or nothing does. */
@Injectable()
export class OrderUpdatesHandler {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  @ProcessOnce(ORDER_UPDATES, { group: INVENTORY_GROUP, schema: orderPlacedSchema, onDead: tellDeath })
  settle({ orderId, items }: OrderPlaced, { tx, pod, attempt, fencingToken }: HandlerContext): void {
    const settled: Omit<OrderSettled, 'status'> = {
      orderId,
      processedBy: pod,
      processedAt: new Date(this.clock.wallMs()).toISOString(),
      attempts: attempt,
      // Microseconds since 1970 or a little more: far below 2^53.
      decision: Number(fencingToken),
    };
    reserve(tx, items);
    tx.emit(ORDER_RESULTS, { ...settled, status: 'CONFIRMED' });
    tx.ifRejected.emit(ORDER_RESULTS, (reason) => ({ ...settled, status: 'REJECTED', reason }));
  }
}

function tellDeath(_: unknown, report: DeathReport): DeathEvent[] {
  const body = failedOrder(report);
  return body ? [{ channel: ORDER_RESULTS, body }] : [];
}
