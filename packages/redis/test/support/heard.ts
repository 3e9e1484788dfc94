import type { Envelope, FeedListener } from '@onlyonce/core';

/** A listener that remembers. */
export class Heard implements FeedListener {
  readonly envelopes: Envelope[] = [];
  readonly bells: ('resubscribed' | 'rung')[] = [];
  readonly garbage: string[] = [];

  onEnvelopes(envelopes: readonly Envelope[]): void {
    this.envelopes.push(...envelopes);
  }

  onDoorbell(reason: 'resubscribed' | 'rung'): void {
    this.bells.push(reason);
  }

  onGarbage(sample: string): void {
    this.garbage.push(sample);
  }

  get ids(): string[] {
    return this.envelopes.map(({ id }) => id);
  }
}
