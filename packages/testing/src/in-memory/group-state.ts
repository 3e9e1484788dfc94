import type { EntryId, FencingToken, GroupRef, Headers, LockToken, MessageId, Outcome } from '@onlyonce/core';

export interface LogEntry {
  readonly entryId: EntryId;
  /** Position in the backlog; rises with every message appended. */
  readonly position: number;
  readonly id: MessageId;
  readonly body: string;
  readonly headers: Headers;
  readonly issuedAtMs: number;
  readonly appendedAtMs: number;
}

/** Who was handed a message last and has not reported. Without a lock: a vanished owner. */
export interface Holder {
  readonly token: LockToken;
  readonly attempt: number;
  readonly sinceMs: number;
}

/** Kept only for messages that failed or were taken over. */
export interface History {
  readonly failures: number;
  readonly takeovers: number;
  /** Reports of owners that had been taken over meanwhile: they were slow, not dead. */
  readonly lateReports: number;
  readonly lastError: string;
  /** Of the claim that failed or was given back last. */
  readonly lastReported: LockToken | undefined;
}

export interface DeadLetter {
  readonly entry: LogEntry;
  readonly reason: string;
  readonly failures: number;
  readonly takeovers: number;
  readonly token: LockToken;
  readonly diedAtMs: number;
}

interface Lock {
  readonly token: LockToken;
  readonly untilMs: number;
}

const NO_HISTORY: History = {
  failures: 0,
  takeovers: 0,
  lateReports: 0,
  lastError: '',
  lastReported: undefined,
};

/** Everything one group of one channel knows. */
export class GroupState {
  readonly log = new Map<EntryId, LogEntry>();
  readonly held = new Map<string, Holder>();
  readonly histories = new Map<string, History>();
  /** Id by the time its next attempt is due. */
  readonly retry = new Map<string, number>();
  readonly done = new Map<
    string,
    {
      readonly outcome: Outcome;
      readonly atMs: number;
      readonly issuedAtMs: number;
      /** Whose commit it was, so that a repetition of it can be told from somebody else's. */
      readonly token?: LockToken;
    }
  >();
  readonly dead = new Map<string, DeadLetter>();
  private readonly locks = new Map<string, Lock>();
  private readonly pods = new Map<string, number>();
  private readonly entryOf = new Map<string, LogEntry>();
  private lastFence = 0;
  /** Position of the last entry handed out by `pull`. */
  pulledTo = -1;

  constructor(
    readonly ref: GroupRef,
    readonly nowMs: () => number,
  ) {}

  append(entry: LogEntry): void {
    this.log.set(entry.entryId, entry);
    this.entryOf.set(entry.id, entry);
  }

  removeEntry(id: string): void {
    const entry = this.entryOf.get(id);
    if (!entry) return;
    this.log.delete(entry.entryId);
    this.entryOf.delete(id);
  }

  entry(id: string): LogEntry | undefined {
    return this.entryOf.get(id);
  }

  /** The token that holds the message now, if any: a lock whose time is over is no lock. */
  owner(id: string): LockToken | undefined {
    const lock = this.locks.get(id);
    if (!lock) return undefined;
    if (lock.untilMs > this.nowMs()) return lock.token;
    this.locks.delete(id);
    return undefined;
  }

  lock(id: string, token: LockToken, ttlMs: number): void {
    this.locks.set(id, { token, untilMs: this.nowMs() + ttlMs });
  }

  unlock(id: string): void {
    this.locks.delete(id);
    this.held.delete(id);
  }

  lockedIds(): string[] {
    return [...this.locks.keys()].filter((id) => this.owner(id) !== undefined);
  }

  history(id: string): History {
    return this.histories.get(id) ?? NO_HISTORY;
  }

  countLateReport(id: string): void {
    const history = this.histories.get(id);
    if (history) this.histories.set(id, { ...history, lateReports: history.lateReports + 1 });
  }

  /** Leaves nothing behind that a settled message does not need. */
  clean(id: string): void {
    this.removeEntry(id);
    this.unlock(id);
    this.histories.delete(id);
    this.retry.delete(id);
  }

  /** Rises with every call, and never below the clock: so it still rises after history was lost (finding F7). */
  nextFence(): FencingToken {
    this.lastFence = Math.max(this.lastFence + 1, this.nowMs() * 1_000);
    return String(this.lastFence) as FencingToken;
  }

  heartbeat(pod: string): void {
    this.pods.set(pod, this.nowMs());
  }

  /** Their names, in order. */
  livePods(silentForMs: number): string[] {
    const since = this.nowMs() - silentForMs;
    return [...this.pods]
      .filter(([, atMs]) => atMs >= since)
      .map(([name]) => name)
      .sort();
  }
}

export function sameToken(one: LockToken | undefined, other: LockToken): boolean {
  return one !== undefined && one.fence === other.fence && one.nonce === other.nonce;
}
