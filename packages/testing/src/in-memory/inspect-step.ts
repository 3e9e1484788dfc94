import type { BacklogStats, InboxPage, InboxRow, InboxState } from '@onlyonce/core';
import type { GroupState, LogEntry } from './group-state.js';

/** One page of the inbox; the cursor is the number of rows before it. */
export function inspectStep(
  group: GroupState,
  state: InboxState,
  cursor: string | undefined,
  limit: number,
): InboxPage {
  const rows = rowsOf(group, state);
  const from = Number(cursor ?? 0);
  const next = from + limit;
  return { rows: rows.slice(from, next), cursor: next < rows.length ? String(next) : undefined };
}

export function statsStep(group: GroupState, silentPodMs: number): BacklogStats {
  const [oldest] = group.log.values();
  return {
    depth: group.log.size,
    oldestAgeMs: oldest ? group.nowMs() - oldest.appendedAtMs : 0,
    processing: group.lockedIds().length,
    retrying: group.retry.size,
    dead: group.dead.size,
    livePods: group.livePods(silentPodMs).length,
  };
}

function rowsOf(group: GroupState, state: InboxState): InboxRow[] {
  const waiting = [...group.log.values()];
  switch (state) {
    case 'pending':
      return waiting
        .filter(({ id }) => !group.owner(id) && !group.retry.has(id))
        .map((entry) => row(group, entry, state));
    case 'processing':
      return waiting.filter(({ id }) => group.owner(id)).map((entry) => row(group, entry, state));
    case 'retrying':
      return waiting.filter(({ id }) => group.retry.has(id)).map((entry) => row(group, entry, state));
    case 'dead':
      return [...group.dead.values()].map(({ entry, reason, failures, takeovers, diedAtMs, token }) => ({
        messageId: entry.id,
        state,
        outcome: 'dead',
        owner: token.pod,
        attempt: failures + takeovers,
        takeovers,
        publishedAt: entry.appendedAtMs,
        since: diedAtMs,
        error: reason,
      }));
    case 'processed':
      return [...group.done]
        .filter(([, { outcome }]) => outcome !== 'dead')
        .map(([messageId, { outcome, atMs }]) => ({
          messageId,
          state,
          outcome,
          attempt: 1,
          takeovers: 0,
          since: atMs,
        }));
  }
}

function row(group: GroupState, entry: LogEntry, state: InboxState): InboxRow {
  const { failures, takeovers, lastError } = group.history(entry.id);
  const owner = group.owner(entry.id);
  const holder = group.held.get(entry.id);
  const dueAt = group.retry.get(entry.id);
  return {
    messageId: entry.id,
    state,
    attempt: owner && holder ? holder.attempt : failures + takeovers,
    takeovers,
    publishedAt: entry.appendedAtMs,
    ...(owner && holder ? { owner: owner.pod, since: holder.sinceMs } : {}),
    ...(dueAt === undefined ? {} : { dueAt }),
    ...(lastError === '' ? {} : { error: lastError }),
  };
}
