import type { Pod } from '../../../scripts/local/pod.mjs';
import { LogFile, type LogLine } from '../../../scripts/local/log-file.mjs';

/** Events after which a pod no longer holds the message it had won. */
const ENDS = new Set([
  'message.processed',
  'message.rejected',
  'message.duplicate',
  'message.retry',
  'message.dead',
  'message.released',
]);

/** What a pod says about messages, in all its lives. */
export class PodLog {
  readonly lines: LogLine[] = [];
  /** Ids won and not settled, as far as it has told. */
  readonly holding = new Set<string>();
  private readonly file: LogFile;

  constructor(readonly pod: Pod) {
    this.file = new LogFile(pod.logFile);
  }

  /** Reads on. @returns this */
  update(): this {
    for (const line of this.file.read()) {
      if (typeof line === 'string') continue;
      this.lines.push(line);
      if (line.messageId === undefined || line.event === undefined) continue;
      if (line.event === 'lock.won') this.holding.add(line.messageId);
      if (ENDS.has(line.event)) this.holding.delete(line.messageId);
    }
    return this;
  }

  count(event: string): number {
    return this.update().lines.filter((line) => line.event === event).length;
  }

  /** How often this pod took over what another had left behind. */
  takeovers(): number {
    return this.update().lines.filter(
      (line) => line.event === 'message.recovered' && line.previousPod !== undefined,
    ).length;
  }
}
