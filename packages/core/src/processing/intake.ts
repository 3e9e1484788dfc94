import type { Envelope } from '../ports/feed.js';

/**
 * What was heard and not claimed yet, bounded: when it is full the envelope is dropped, since the backlog has it,
 * and `behind` says that the backlog must be read. So a flood costs time, never memory.
 */
export class Intake {
  private queue: Envelope[] = [];
  private readonly ids = new Set<string>();
  /** Something may wait in the backlog that this pod will not hear of again. */
  behind = false;

  constructor(private readonly limit: number) {}

  get size(): number {
    return this.queue.length;
  }

  offer(envelope: Envelope): 'queued' | 'known' | 'full' {
    if (this.ids.has(envelope.id)) return 'known';
    if (this.queue.length >= this.limit) {
      this.behind = true;
      return 'full';
    }
    this.ids.add(envelope.id);
    this.queue.push(envelope);
    return 'queued';
  }

  take(count: number): Envelope[] {
    const taken = count >= this.queue.length ? this.queue : this.queue.slice(0, count);
    this.queue = taken === this.queue ? [] : this.queue.slice(count);
    for (const envelope of taken) this.ids.delete(envelope.id);
    return taken;
  }

  clear(): void {
    this.take(this.queue.length);
  }
}
