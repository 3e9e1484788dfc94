import type { ClaimDueRequest, ClaimDueResult, EntryId, WonMessage } from '@onlyonce/core';
import type { GroupState, LogEntry } from './group-state.js';

/** From the 4th claim on a message may be what kills its owners (finding F4). */
const SUSPECT_FROM_TAKEOVERS = 3;
const LONGEST_TTL_FACTOR = 32;
/** Bounds how long one call keeps the server busy. */
const MOST_ENTRIES_LOOKED_AT = 256;
const HEAD = '0-0' as EntryId;

/** Hands out what the fast path did not bring: due retries, messages of vanished owners, messages nobody heard of. */
export function claimDueStep(
  group: GroupState,
  request: ClaimDueRequest,
  silentPodMs: number,
): ClaimDueResult {
  group.heartbeat(request.pod);
  const run = new ClaimDueRun(group, request);
  if (request.cursor === undefined) run.takeDueRetries();
  const cursor = run.takeFromLog();
  const pods = group.livePods(silentPodMs);
  return { won: run.won, cursor, livePods: pods.length, podIndex: pods.indexOf(request.pod) };
}

class ClaimDueRun {
  readonly won: WonMessage[] = [];
  private readonly taken = new Set<string>();
  private suspectSlots: number;

  constructor(
    private readonly group: GroupState,
    private readonly request: ClaimDueRequest,
  ) {
    this.suspectSlots = request.suspectSlots;
  }

  /** The longest waiting first. */
  takeDueRetries(): void {
    const now = this.group.nowMs();
    const due = [...this.group.retry]
      .filter(([, dueMs]) => dueMs <= now)
      .sort(([, one], [, other]) => one - other);
    for (const [id] of due) {
      if (this.won.length >= this.request.limit) return;
      const entry = this.group.entry(id);
      if (entry) this.consider(entry);
      else this.group.retry.delete(id);
    }
  }

  /** @returns where to go on, or undefined when the end was reached */
  takeFromLog(): EntryId | undefined {
    const { cursor, olderThanMs, limit } = this.request;
    const after = cursor === undefined ? 0 : positionOf(cursor);
    const newestMs = this.group.nowMs() - olderThanMs;
    let last = cursor ?? HEAD;
    let lookedAt = 0;
    for (const entry of this.group.log.values()) {
      if (entry.position <= after) continue;
      if (entry.appendedAtMs > newestMs) return undefined;
      if (this.won.length >= limit || lookedAt >= MOST_ENTRIES_LOOKED_AT) return last;
      lookedAt += 1;
      last = entry.entryId;
      if (!this.group.retry.has(entry.id)) this.consider(entry);
    }
    return undefined;
  }

  private consider(entry: LogEntry): void {
    const { group, request } = this;
    const { id } = entry;
    if (this.taken.has(id)) return;
    if (group.done.has(id)) {
      group.clean(id);
      return;
    }
    const owner = group.owner(id);
    if (owner && owner.nonce !== request.nonce) return;
    const history = group.history(id);
    const vanished = owner ? undefined : group.held.get(id);
    const takeovers = history.takeovers + (vanished ? 1 : 0);
    const suspect = takeovers >= SUSPECT_FROM_TAKEOVERS;
    if (suspect && this.suspectSlots <= 0 && !owner) {
      // The vanished owner stays in `held`: its takeover counts when the message is handed out.
      group.retry.set(id, group.nowMs() + spreadMs(id));
      return;
    }
    if (suspect) this.suspectSlots -= 1;
    // A handler slower than its TTL must not lose its message for ever (finding F3).
    const lockTtlMs = request.lockTtlMs * Math.min(2 ** history.lateReports, LONGEST_TTL_FACTOR);
    const token = owner ?? { fence: group.nextFence(), nonce: request.nonce, pod: request.pod };
    if (!owner) {
      group.lock(id, token, lockTtlMs);
      group.held.set(id, { token, attempt: history.failures + takeovers + 1, sinceMs: group.nowMs() });
      group.retry.delete(id);
      if (takeovers > 0) group.histories.set(id, { ...history, takeovers });
    }
    this.taken.add(id);
    this.won.push({
      envelope: entry,
      token,
      failures: history.failures,
      takeovers,
      lockTtlMs,
      ...(vanished ? { previousPod: vanished.token.pod } : {}),
    });
  }
}

/** Different messages come back at different moments: those that died together are not claimed together again. */
function spreadMs(id: string): number {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 1009;
  return 40 + (sum % 460);
}

function positionOf(cursor: EntryId): number {
  return Number(cursor.slice(cursor.indexOf('-') + 1));
}
