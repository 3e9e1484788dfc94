import type { Bell, Envelope, FeedListener } from '@onlyonce/core';

/** A listener that remembers. */
export class Heard implements FeedListener {
  readonly envelopes: Envelope[] = [];
  readonly doorbells: ('resubscribed' | 'rung')[] = [];
  readonly bells: Bell[] = [];
  readonly garbage: string[] = [];

  onEnvelopes(envelopes: readonly Envelope[]): void {
    this.envelopes.push(...envelopes);
  }

  onBells(bells: readonly Bell[]): void {
    this.bells.push(...bells);
  }

  onDoorbell(reason: 'resubscribed' | 'rung'): void {
    this.doorbells.push(reason);
  }

  onGarbage(sample: string): void {
    this.garbage.push(sample);
  }

  get ids(): string[] {
    return this.envelopes.map(({ id }) => id);
  }
}
