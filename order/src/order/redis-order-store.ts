import { StoreRefusedError, StoreUnavailableError } from '@onlyonce/core';
import type { Cluster, Redis } from 'ioredis';
import type { Order } from './order.js';
import { orderFrom, orderKey, READ_FIELDS } from './order-record.js';
import type { OrderStore } from './order-store.js';

/** Replies that no repetition changes; everything else counts as a store that is away for now. */
const FINAL_REPLY = /^(WRONGTYPE|NOPERM|NOAUTH|WRONGPASS|ERR unknown command)/;

/** Reads the hashes that `order-record.ts` describes. */
export class RedisOrderStore implements OrderStore {
  constructor(
    private readonly client: Redis | Cluster,
    private readonly keyOf: (name: string) => string,
  ) {}

  async find(orderIds: readonly string[], withinMs: number): Promise<(Order | undefined)[]> {
    const pipeline = this.client.pipeline();
    for (const orderId of orderIds) pipeline.hmget(this.keyOf(orderKey(orderId)), ...READ_FIELDS);
    const replies = await inTime(pipeline.exec(), withinMs);
    return orderIds.map((orderId, at) => {
      const [error, values] = replies[at] ?? [new Error('no reply')];
      if (error) throw readFault(error);
      // HMGET answers one text or null per field asked.
      return orderFrom(orderId, values as (string | null)[]);
    });
  }
}

type Replies = [error: Error | null, result: unknown][];

async function inTime(replies: Promise<Replies | null>, withinMs: number): Promise<Replies> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new StoreUnavailableError(`no answer within ${Math.round(withinMs)} ms`));
    }, withinMs);
  });
  try {
    return (await Promise.race([replies, late])) ?? [];
  } catch (error) {
    throw readFault(error);
  } finally {
    clearTimeout(timer);
  }
}

function readFault(error: unknown): Error {
  if (error instanceof StoreUnavailableError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (FINAL_REPLY.test(text)) return new StoreRefusedError(`reading orders: ${text}`, { cause: error });
  return new StoreUnavailableError(`reading orders: ${text}`, { cause: error });
}
