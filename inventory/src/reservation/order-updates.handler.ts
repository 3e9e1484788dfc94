import { Injectable, type Type } from '@nestjs/common';
import { orderPlacedSchema, type OrderPlaced, type OrderSettled } from '@onlyonce/contracts';
import type { Clock, HandlerContext } from '@onlyonce/core';
import { ProcessOnce } from '@onlyonce/nestjs';
import { failedOrder } from './failed-order.js';
import { reserve } from './reserve.js';

export interface OrderUpdatesNames {
  readonly channel: string;
  readonly resultsChannel: string;
  readonly group: string;
}

/**
 * The handler of orders. A class made on demand, since a decorator is evaluated with its class and what goes out of
 * it (`onDead`) needs the name of a channel that only the environment knows.
 */
export function orderUpdatesHandler(
  { channel, resultsChannel, group }: OrderUpdatesNames,
  clock: Clock,
): Type {
  @Injectable()
  class OrderUpdatesHandler {
    /** Stock, processed id, and the event that tells of it change in one step, or nothing does. */
    @ProcessOnce(channel, {
      group,
      schema: orderPlacedSchema,
      onDead: (_, report) => {
        const body = failedOrder(report, new Date(clock.wallMs()));
        return body ? [{ channel: resultsChannel, body }] : [];
      },
    })
    settle({ orderId, items }: OrderPlaced, { tx, pod, attempt, fencingToken }: HandlerContext): void {
      const settled: Omit<OrderSettled, 'status'> = {
        orderId,
        processedBy: pod,
        processedAt: new Date(clock.wallMs()).toISOString(),
        attempts: attempt,
        // Microseconds since 1970 or a little more: far below 2^53.
        decision: Number(fencingToken),
      };
      reserve(tx, items);
      tx.emit(resultsChannel, { ...settled, status: 'CONFIRMED' });
      tx.ifRejected.emit(resultsChannel, (reason) => ({ ...settled, status: 'REJECTED', reason }));
    }
  }
  return OrderUpdatesHandler;
}
