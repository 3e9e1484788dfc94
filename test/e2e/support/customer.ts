import { setTimeout as sleep } from 'node:timers/promises';
import { call, type Answer } from './http.js';
import type { Order } from './orders.js';

const AGAIN_MS = 200;

/** A patient customer: asks again with the same order until it is told yes or no, and keeps count of what it saw. */
export class Customer {
  readonly accepted = new Set<string>();
  duplicates = 0;
  /** Answers 503, in the order they came. */
  readonly unavailable: Answer[] = [];
  /** Requests that got no answer at all. */
  unanswered = 0;
  /** Answers that are neither 202 nor 503. */
  readonly refused: Answer[] = [];
  lastAcceptedAt = 0;

  /** @param url of the order service, or a function when there are several */
  constructor(private readonly url: () => string) {}

  /** One request; no second try. */
  post(order: Order): Promise<Answer> {
    return call('POST', `${this.url()}/orders`, order);
  }

  /** Sends until there is a final answer. @throws Error when there is none within a minute */
  async place(order: Order): Promise<Answer> {
    const end = performance.now() + 60_000;
    while (performance.now() < end) {
      const answer = await this.post(order).catch(() => undefined);
      if (answer === undefined) {
        this.unanswered += 1;
      } else if (answer.status === 503) {
        this.unavailable.push(answer);
      } else {
        this.note(order, answer);
        return answer;
      }
      await sleep(AGAIN_MS);
    }
    throw new Error(`no final answer for ${order.orderId} within a minute`);
  }

  private note(order: Order, answer: Answer): void {
    if (answer.status !== 202) {
      this.refused.push(answer);
      return;
    }
    if (answer.body['duplicate'] === true) this.duplicates += 1;
    this.accepted.add(order.orderId);
    this.lastAcceptedAt = performance.now();
  }
}
