import type { DeathHandler, GroupRef, MessageHandler, Schema } from '@onlyonce/core';
import type { ConsumerSettings } from '../onlyonce.options.js';

/** A decorated method of one instance, with the names that this deployment uses. */
export interface BoundHandler {
  readonly ref: GroupRef;
  /** Class and method, for messages to people. */
  readonly origin: string;
  readonly settings: ConsumerSettings;
  readonly schema: Schema<unknown> | undefined;
  readonly onDead: DeathHandler | undefined;
  readonly handle: MessageHandler<unknown>;
}
