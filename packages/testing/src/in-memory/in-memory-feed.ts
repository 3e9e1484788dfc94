import type { Envelope, Feed, FeedDetail, FeedListener, Subscription } from '@onlyonce/core';
import type { CallFaults } from './call-faults.js';
import type { InMemoryDatabase, Listener } from './in-memory-database.js';

/** Promises as little as Pub/Sub does: what is said while it is lossy or cut is gone. */
export class InMemoryFeed implements Feed {
  private readonly mine = new Map<Listener, FeedListener>();
  /** Asked for each envelope on its way to this pod; true loses it. */
  loses: (envelope: Envelope) => boolean = () => false;

  constructor(
    private readonly db: InMemoryDatabase,
    private readonly faults: CallFaults,
  ) {}

  subscribe(channel: string, heard: FeedListener, detail: FeedDetail = 'envelopes'): Promise<Subscription> {
    return this.faults.around('subscribe', () => {
      const listener: Listener = {
        channel,
        envelopes: (envelopes) => {
          const arriving = envelopes.filter((envelope) => !this.loses(envelope));
          if (arriving.length > 0)
            this.deliver(listener, () => {
              if (detail === 'envelopes') heard.onEnvelopes(arriving);
              else heard.onBells(arriving.map(({ id, headers }) => ({ id, headers })));
            });
        },
        doorbell: () => {
          this.deliver(listener, () => {
            heard.onDoorbell('rung');
          });
        },
      };
      this.mine.set(listener, heard);
      this.db.listeners.add(listener);
      return {
        close: () => {
          this.forget(listener);
          return Promise.resolve();
        },
      };
    });
  }

  /** The connection comes back after a gap. */
  resubscribe(): void {
    for (const heard of this.mine.values()) heard.onDoorbell('resubscribed');
  }

  /** Something on the channel that is no envelope. */
  sayGarbage(sample: string): void {
    for (const heard of this.mine.values()) heard.onGarbage(sample);
  }

  close(): void {
    for (const listener of this.mine.keys()) this.forget(listener);
  }

  /** Never inside the step that said it: a subscriber hears only after the server has finished. */
  private deliver(listener: Listener, hear: () => void): void {
    void Promise.resolve(this.faults.travel()).then(() => {
      if (!this.faults.disconnected && this.mine.has(listener)) hear();
    });
  }

  private forget(listener: Listener): void {
    this.mine.delete(listener);
    this.db.listeners.delete(listener);
  }
}
