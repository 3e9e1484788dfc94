import type { HandlerContext, MessageLog } from '../handling/handler.js';
import type { Transaction } from '../handling/transaction.js';
import type { FencingToken, MessageId } from '../ids.js';
import type { Headers } from '../ports/feed.js';
import type { ConsumerOptions } from './consumer-options.js';
import type { Delivery } from './delivery.js';

/**
 * What a handler is told of its message. A class, since an object literal with getters of its own takes twenty times as
 * long to make; with getters, since most handlers neither log nor look at their signal.
 */
export class DeliveryContext implements HandlerContext {
  readonly messageId: MessageId;
  readonly channel: string;
  readonly group: string;
  readonly pod: string;
  readonly attempt: number;
  readonly fencingToken: FencingToken;
  readonly headers: Headers;
  readonly #delivery: Delivery;
  readonly #makeLog: () => MessageLog;
  #log: MessageLog | undefined;

  constructor(
    options: ConsumerOptions,
    delivery: Delivery,
    readonly tx: Transaction,
    makeLog: () => MessageLog,
  ) {
    this.messageId = delivery.envelope.id;
    this.channel = options.channel;
    this.group = options.group;
    this.pod = options.pod;
    this.attempt = delivery.attempt;
    this.fencingToken = delivery.token.fence;
    this.headers = delivery.envelope.headers;
    this.#delivery = delivery;
    this.#makeLog = makeLog;
  }

  get signal(): AbortSignal {
    return this.#delivery.controller.signal;
  }

  get log(): MessageLog {
    this.#log ??= this.#makeLog();
    return this.#log;
  }
}
