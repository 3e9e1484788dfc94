import { Injectable } from '@nestjs/common';
import { Duty, type GroupRef } from '@onlyonce/core';
import { Consumers } from '../handlers/consumers.js';
import { Runtime } from '../runtime.js';

const REDELIVERY = { intervalMs: 250, lockTtlMs: 2_000 };
const PRUNING = { intervalMs: 60_000, lockTtlMs: 180_000 };

/** What one pod does for all: rings for due retries, and forgets ids that cannot come back. */
@Injectable()
export class Maintenance {
  private duties: readonly Duty[] = [];
  private stopping = false;

  constructor(
    private readonly runtime: Runtime,
    private readonly consumers: Consumers,
  ) {}

  start(): void {
    const { refs } = this.consumers;
    if (this.runtime.options.consume === false) return;
    const channels = new Set(refs.map(({ channel }) => channel));
    // The lock of a duty is shared by all services on the store, and its holder works only for what it knows: so
    // each group has a duty of its own, lest the pods of one service keep another's from being done.
    this.duties = [
      ...refs.map((ref) =>
        this.duty(`redelivery:${ref.channel}:${ref.group}`, REDELIVERY, () => this.ring(ref)),
      ),
      ...[...channels].map((channel) => this.duty(`pruning:${channel}`, PRUNING, () => this.prune(channel))),
    ];
    for (const duty of this.duties) duty.start();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.duties.map((duty) => duty.stop()));
  }

  private duty(name: string, times: typeof REDELIVERY, work: () => Promise<void>): Duty {
    const { clock, random, telemetry, options } = this.runtime;
    return new Duty({ clock, random, telemetry, lock: options.backend.dutyLock }, { name, ...times }, work);
  }

  private async ring(ref: GroupRef): Promise<void> {
    await this.runtime.store.ringIfDue(ref);
  }

  private async prune(channel: string): Promise<void> {
    while (!this.stopping) {
      const { finished } = await this.runtime.store.prune(channel);
      if (finished) return;
    }
  }
}
