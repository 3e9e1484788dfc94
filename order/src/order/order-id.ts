import { createHash } from 'node:crypto';
import { stringify } from 'uuid';

/** Makes ids for orders that come without one. */
export interface OrderIds {
  /** Carries the time (UUIDv7): sorts by age, and a copy that comes late is refused instead of applied. */
  timed(): string;
  /** Carries none (UUIDv4): for when the clock of this machine cannot be trusted. */
  timeless(): string;
}

/** The id of the order that belongs to an Idempotency-Key: the same key is the same order on every replica. */
export function orderIdOf(idempotencyKey: string): string {
  const bytes = createHash('sha256').update(`order id of\n${idempotencyKey}`).digest().subarray(0, 16);
  // UUIDv8 (RFC 9562): custom content, so that nobody takes a time out of it.
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return stringify(bytes);
}

/** Stands for the key in the store: of one length, and nothing a client chose becomes part of a key. */
export function keyDigestOf(idempotencyKey: string): string {
  return createHash('sha256').update(idempotencyKey).digest('hex');
}
