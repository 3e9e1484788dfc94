import { InvalidInputError } from './errors.js';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Identifies one message for ever; the same id published again is the same message. */
export type MessageId = Branded<'MessageId'>;
/**
 * Where a message stands in the backlog of its channel; rises with every message appended. May begin with the store's
 * time of publishing in milliseconds and a dash, as the entries of a Redis stream do.
 */
export type EntryId = Branded<'EntryId'>;
/** Rises with every claim. A write offered under an older token is refused by the store. */
export type FencingToken = Branded<'FencingToken'>;

/** 1 to 200 printable characters without spaces: longer than an order id, since event ids are derived from it. */
const MESSAGE_ID = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]{1,200}$/u;
const TIMED_ENTRY = /^\d{1,16}-/;
const NAME = /^[A-Za-z0-9_.-]{1,64}$/;

/** @throws InvalidInputError when the text is not 1 to 200 printable characters without spaces */
export function messageId(text: string): MessageId {
  if (!MESSAGE_ID.test(text)) {
    throw new InvalidInputError('messageId', 'must be 1 to 200 printable characters without spaces');
  }
  return text as MessageId;
}

/**
 * Checks the name of a channel, group or pod. Names become parts of keys, so braces, colons, bars and
 * spaces are refused.
 * @throws InvalidInputError naming the field
 */
export function checkedName(field: string, text: string): string {
  if (!NAME.test(text)) {
    throw new InvalidInputError(field, `must be 1 to 64 of A-Z a-z 0-9 _ . - (got ${JSON.stringify(text)})`);
  }
  return text;
}

/** The store's time of publishing, as far as the entry id tells it. */
export function publishedAtMs(entryId: EntryId): number | undefined {
  return TIMED_ENTRY.test(entryId) ? Number.parseInt(entryId, 10) : undefined;
}
