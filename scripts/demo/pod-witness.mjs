// @ts-check
import { LogFile } from '../local/log-file.mjs';

/** Events after which a pod no longer holds the message it had won. */
const ENDS = new Set([
  'message.processed',
  'message.rejected',
  'message.duplicate',
  'message.retry',
  'message.dead',
  'message.released',
]);

/** What one inventory pod says in its log: what it holds at this moment, and how often it did what. */
export class PodWitness {
  /** Message ids won and not settled. @type {Set<string>} */
  holding = new Set();
  /** Messages it took over, with the name of the owner that vanished. @type {Map<string, string>} */
  takenOver = new Map();
  /** @type {Set<string>} */
  processed = new Set();
  /** Results offered after somebody else had taken the message over. @type {Set<string>} */
  refused = new Set();
  wins = 0;
  losses = 0;
  recovered = 0;

  #log;

  /** @param {import('../local/pod.mjs').Pod} pod */
  constructor(pod) {
    this.pod = pod;
    this.#log = new LogFile(pod.logFile);
  }

  /** Reads what was written since the last call. */
  update() {
    for (const line of this.#log.read()) {
      if (typeof line !== 'string' && line.messageId !== undefined) this.#hear(line, line.messageId);
    }
  }

  /**
   * @param {import('../local/log-file.mjs').LogLine} line
   * @param {string} id
   */
  #hear(line, id) {
    if (line.event === 'lock.won') {
      this.wins += 1;
      this.holding.add(id);
    } else if (line.event === 'message.recovered') {
      this.recovered += 1;
      if (line.previousPod !== undefined) this.takenOver.set(id, line.previousPod);
    } else if (line.event === 'lock.lost' && line.fencingToken === undefined) {
      this.losses += 1;
    }
    if (line.event === 'message.processed') this.processed.add(id);
    if (line.event === 'message.duplicate' && this.holding.has(id)) this.refused.add(id);
    if (line.event !== undefined && ENDS.has(line.event)) this.holding.delete(id);
  }
}
