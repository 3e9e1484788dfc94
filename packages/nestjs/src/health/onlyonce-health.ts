import { Injectable } from '@nestjs/common';
import { Consumers } from '../handlers/consumers.js';
import { Engine } from '../lifecycle/engine.js';
import { Runtime } from '../runtime.js';

export interface HealthReport {
  readonly ok: boolean;
  /** Why not; empty when ok. */
  readonly reasons: readonly string[];
}

/** Three times the longest deadline that an adapter may give one call. */
const COMMIT_STUCK_AFTER_MS = 3 * 5_000;

/** Whether this pod can work, and whether it is worth keeping. */
@Injectable()
export class OnlyonceHealth {
  constructor(
    private readonly runtime: Runtime,
    private readonly engine: Engine,
    private readonly consumers: Consumers,
  ) {}

  /**
   * False only for what a restart cures. That the event loop turns is proved by being asked; a store that is away is
   * no reason, since a restart would not bring it back.
   */
  live(): HealthReport {
    const { oldestMs } = this.runtime.commits;
    if (oldestMs <= COMMIT_STUCK_AFTER_MS) return report([]);
    return report([`a commit has had no answer for ${Math.round(oldestMs)} ms`]);
  }

  /** False while starting, while the store is away, and from the first moment of a shutdown. */
  ready(): HealthReport {
    const { phase, startFailure } = this.engine;
    if (phase === 'draining' || phase === 'stopped') return report([`the pod is ${phase}`]);
    const reasons: string[] = [];
    if (!this.runtime.options.backend.available) reasons.push('the store is away');
    if (startFailure !== undefined) reasons.push(`not started: ${startFailure}`);
    if (phase !== 'running') reasons.push('the engine is starting');
    for (const { ref, state } of this.consumers.states) {
      if (state !== 'ready') reasons.push(`the consumer of ${ref.channel} in group ${ref.group} is ${state}`);
    }
    return report(reasons);
  }
}

function report(reasons: readonly string[]): HealthReport {
  return { ok: reasons.length === 0, reasons };
}
