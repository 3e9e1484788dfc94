import type { WonMessage } from '../ports/message-store.js';
import { Delivery } from './delivery.js';
import { localDeadline } from './lock-keeper.js';

/** A delivery of a message that the store handed out together with its history. */
export function wonDelivery(message: WonMessage, askedAtMs: number): Delivery {
  const { envelope, token, lockTtlMs, failures, takeovers } = message;
  const validUntilMs = localDeadline(askedAtMs, lockTtlMs);
  return new Delivery(envelope, token, lockTtlMs, askedAtMs, validUntilMs, failures, takeovers);
}
