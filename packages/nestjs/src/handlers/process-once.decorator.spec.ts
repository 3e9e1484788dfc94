import { describe, expect, it } from '@jest/globals';
import type { HandlerContext } from '@onlyonce/core';
import { z } from 'zod';
import { PROCESS_ONCE, ProcessOnce } from './process-once.decorator.js';

const order = z.object({ orderId: z.string(), quantity: z.coerce.number() });
type Order = z.infer<typeof order>;

/** Stands for what a handler would do with its parameters. */
const used = (...values: readonly unknown[]): number => values.length;

describe('@ProcessOnce', () => {
  it('stores channel and options at the method, and changes nothing', () => {
    class Handlers {
      @ProcessOnce('orders', { group: 'mail', schema: order, concurrency: 3 })
      handle(message: Order, context: HandlerContext): void {
        used(message, context);
      }
    }
    const before = Object.getOwnPropertyDescriptor(Handlers.prototype, 'handle');
    expect(Reflect.getMetadata(PROCESS_ONCE, before?.value as object)).toEqual([
      { channel: 'orders', options: { group: 'mail', schema: order, concurrency: 3 } },
    ]);
  });

  it('may stand several times at one method', () => {
    class Handlers {
      @ProcessOnce('orders', { group: 'audit' })
      @ProcessOnce('payments', { group: 'audit' })
      handle(): void {
        // takes no part of the message
      }
    }
    const method = Object.getOwnPropertyDescriptor(Handlers.prototype, 'handle')?.value as object;
    expect(Reflect.getMetadata(PROCESS_ONCE, method)).toHaveLength(2);
  });

  it('is refused by the compiler where the method does not fit the schema', () => {
    class Handlers {
      // @ts-expect-error -- the schema gives a number for quantity, the method wants a text
      @ProcessOnce('a', { group: 'g', schema: order })
      wrongField(message: { orderId: string; quantity: string }): void {
        used(message);
      }

      // @ts-expect-error -- without a schema nothing is known about the message
      @ProcessOnce('b', { group: 'g' })
      unchecked(message: Order): void {
        used(message);
      }

      // @ts-expect-error -- the second parameter is the context
      @ProcessOnce('c', { group: 'g', schema: order })
      wrongContext(message: Order, context: { readonly messageID: string }): void {
        used(message, context);
      }

      // What follows is accepted: a promise of the caller's own, less than the schema gives, the schema's output.
      @ProcessOnce<Order>('d', { group: 'g' })
      promised(message: Order): void {
        used(message);
      }

      @ProcessOnce('e', { group: 'g', schema: order })
      async less(message: { readonly orderId: string }): Promise<void> {
        await Promise.resolve(message);
      }
    }
    expect(new Handlers()).toBeDefined();
  });
});
