// Nest loads it, too; here, so that the decorator works whatever is imported first.
import 'reflect-metadata';
import type { DeathHandler, MessageHandler, Schema } from '@onlyonce/core';
import type { ConsumerSettings } from '../onlyonce.options.js';

/** What a decorator stores; the explorer reads it at bootstrap. */
export interface ProcessOnceMetadata {
  readonly channel: string;
  readonly options: ProcessOnceOptions<unknown>;
}

export interface ProcessOnceOptions<T> extends ConsumerSettings {
  /** Every group takes effect once per message; replicas of one group share the work. */
  readonly group: string;
  /**
   * Checks and types each message (zod, valibot, arktype: anything of the Standard Schema). A message that does not
   * fit becomes a dead letter. Without a schema the type argument is only a promise of yours.
   */
  readonly schema?: Schema<T>;
  /** Events that go out in the same atomic step in which a message becomes a dead letter. */
  readonly onDead?: DeathHandler;
}

/** Only accepts methods whose parameters fit a message of type T and the handler's context. */
export type ProcessOnceDecorator<T> = <Method extends MessageHandler<T>>(
  target: object,
  method: string | symbol,
  descriptor: TypedPropertyDescriptor<Method>,
) => void;

export const PROCESS_ONCE = Symbol('onlyonce:process-once');

/**
 * Makes a provider's method the handler of one consumer group: what it declares in `context.tx` takes effect once
 * per message, however often the message is delivered.
 *
 * The method may run more than once for a message. Returning confirms; BusinessRejection rejects; PermanentFailure
 * makes a dead letter; any other error is retried.
 * @param channel name of the channel, or its stand-in in `OnlyonceOptions.names`
 */
export function ProcessOnce<T = unknown>(
  channel: string,
  options: ProcessOnceOptions<T>,
): ProcessOnceDecorator<T> {
  return (_target, _method, descriptor) => {
    const handler = descriptor.value as object;
    const earlier = (Reflect.getMetadata(PROCESS_ONCE, handler) ?? []) as readonly ProcessOnceMetadata[];
    Reflect.defineMetadata(PROCESS_ONCE, [...earlier, { channel, options }], handler);
  };
}
