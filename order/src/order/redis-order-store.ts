import { answered, callFault } from '@onlyonce/service';
import type { Cluster, Redis } from 'ioredis';
import type { Order } from './order.js';
import { orderFrom, orderKey, READ_FIELDS } from './order-record.js';
import type { OrderStore } from './order-store.js';

/** Reads the hashes that `order-record.ts` describes. */
export class RedisOrderStore implements OrderStore {
  constructor(
    private readonly client: Redis | Cluster,
    private readonly keyOf: (name: string) => string,
  ) {}

  async find(orderIds: readonly string[], withinMs: number): Promise<(Order | undefined)[]> {
    const pipeline = this.client.pipeline();
    for (const orderId of orderIds) pipeline.hmget(this.keyOf(orderKey(orderId)), ...READ_FIELDS);
    const replies = (await answered(pipeline.exec(), withinMs, 'orders')) ?? [];
    return orderIds.map((orderId, at) => {
      const [error, values] = replies[at] ?? [new Error('no reply')];
      if (error) throw callFault(error, 'orders');
      // HMGET answers one text or null per field asked.
      return orderFrom(orderId, values as (string | null)[]);
    });
  }
}
