import type { EntryId, MessageId } from '../ids.js';

/** A message as it travels: the body stays an unparsed JSON text until this pod has won the message. */
export interface Envelope {
  readonly id: MessageId;
  readonly entryId: EntryId;
  readonly headers: Headers;
  readonly body: string;
}

/** Small texts that travel with a message, trace context above all. */
export type Headers = Readonly<Record<string, string>>;

export interface FeedListener {
  /** Messages just published. May be incomplete, repeated or out of order: nothing rests on it. */
  onEnvelopes(envelopes: readonly Envelope[]): void;
  /**
   * Something may be waiting that was not heard: the subscription was made again after a gap, a message was
   * released or redriven, a retry fell due. The answer is a scan of the backlog.
   */
  onDoorbell(reason: 'resubscribed' | 'rung'): void;
  /** Something on the channel that is no envelope. It is counted and ignored. */
  onGarbage(sample: string): void;
}

/** The fast path: tells a pod at once what was published. It promises nothing. */
export interface Feed {
  /** Resolves when the store has confirmed the subscription, so that a scan started then leaves no gap. */
  subscribe(channel: string, listener: FeedListener): Promise<Subscription>;
}

export interface Subscription {
  close(): Promise<void>;
}
