import type { EntryId, MessageId } from '../ids.js';

/** A message as it travels: the body stays an unparsed JSON text until this pod has won the message. */
export interface Envelope {
  readonly id: MessageId;
  readonly entryId: EntryId;
  readonly headers: Headers;
  readonly body: string;
  /** The publication it was heard in; missing where it was read from the backlog. */
  readonly announcement?: Announcement;
}

/** Messages that were published together and heard together. Their entries follow one another. */
export interface Announcement {
  readonly first: EntryId;
  /** How many there were, also of those that could not be read. */
  readonly size: number;
}

/** What a pod is told that does not want to hear the message itself: that it is there. */
export interface Bell {
  readonly id: MessageId;
  readonly headers: Headers;
}

/** Whole messages, for who claims what it hears; or bells, for who reads the backlog anyway: a tenth of the bytes. */
export type FeedDetail = 'envelopes' | 'bells';

/** Small texts that travel with a message, trace context above all. */
export type Headers = Readonly<Record<string, string>>;

export interface FeedListener {
  /** Messages just published. May be incomplete, repeated or out of order: nothing rests on it. */
  onEnvelopes(envelopes: readonly Envelope[]): void;
  /** The same for who asked for bells. */
  onBells(bells: readonly Bell[]): void;
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
  /** @param detail what the listener hears of each message; `envelopes` unless told */
  subscribe(channel: string, listener: FeedListener, detail?: FeedDetail): Promise<Subscription>;
}

export interface Subscription {
  close(): Promise<void>;
}
