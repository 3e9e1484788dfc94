import type { Envelope } from '../ports/feed.js';

/**
 * What was heard and not claimed yet, bounded: when it is full the envelope is dropped, since the backlog has it,
 * and `behind` says that the backlog must be read. So a flood costs time, never memory.
 */
export class Intake {
  private queue: Envelope[] = [];
  private readonly ids = new Set<string>();
  private characters = 0;
  /** Something may wait in the backlog that this pod will not hear of again. */
  behind = false;

  constructor(
    private readonly limits: {
      /** Most messages. */
      readonly messages: number;
      /** Most characters in all bodies together; one body alone may have more. */
      readonly characters: number;
    },
  ) {}

  get size(): number {
    return this.queue.length;
  }

  private get full(): boolean {
    return this.queue.length >= this.limits.messages || this.characters >= this.limits.characters;
  }

  offer(envelope: Envelope): 'queued' | 'known' | 'full' {
    if (this.ids.has(envelope.id)) return 'known';
    if (this.full) {
      this.behind = true;
      return 'full';
    }
    this.characters += envelope.body.length;
    this.ids.add(envelope.id);
    this.queue.push(envelope);
    return 'queued';
  }

  /**
   * The first `count`, or somewhat less: what was announced together stays together where it can, since who comes too
   * late for a whole announcement learns that at once.
   */
  take(count: number): Envelope[] {
    const end = this.endWithin(count);
    const taken = end >= this.queue.length ? this.queue : this.queue.slice(0, end);
    this.queue = taken === this.queue ? [] : this.queue.slice(end);
    for (const { id, body } of taken) {
      this.ids.delete(id);
      this.characters -= body.length;
    }
    return taken;
  }

  clear(): void {
    this.take(this.queue.length);
  }

  private endWithin(count: number): number {
    const announcement = this.queue[count]?.announcement;
    if (!announcement) return count;
    let end = count;
    while (end > 0 && this.queue[end - 1]?.announcement === announcement) end -= 1;
    return end > 0 ? end : count;
  }
}
