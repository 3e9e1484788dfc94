import { Inject, Injectable } from '@nestjs/common';
import { ORDER_RESULTS, orderSettledSchema, type OrderSettled } from '@onlyonce/contracts';
import type { HandlerContext } from '@onlyonce/core';
import { ProcessOnce } from '@onlyonce/nestjs';
import { recordSettled, type RecordLife } from './order-record.js';

export const RECORD_LIFE = Symbol('RecordLife');
/** Stands for the group of this service until the environment names it. */
export const ORDER_GROUP = 'order';

/** Writes what became of orders into their records. */
@Injectable()
export class OrderResultsHandler {
  constructor(@Inject(RECORD_LIFE) private readonly life: RecordLife) {}

  @ProcessOnce(ORDER_RESULTS, { group: ORDER_GROUP, schema: orderSettledSchema })
  settle(settled: OrderSettled, { tx }: HandlerContext): void {
    recordSettled(tx, settled, this.life);
  }
}
