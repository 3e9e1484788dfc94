import type { FailItem, FailResult } from '@onlyonce/core';
import { appendEvents } from './append-events.js';
import { sameToken, type GroupState } from './group-state.js';
import type { InMemoryDatabase } from './in-memory-database.js';
import { issuedAtMs } from './issued-at.js';

/** Records failures: another attempt later, or a dead letter. Told again, it answers the same and counts once. */
export function failStep(db: InMemoryDatabase, group: GroupState, items: readonly FailItem[]): FailResult[] {
  return items.map((item) => failOne(db, group, item));
}

function failOne(db: InMemoryDatabase, group: GroupState, item: FailItem): FailResult {
  const { id, token } = item;
  const recorded = group.done.get(id);
  if (recorded?.outcome === 'dead' && sameToken(group.dead.get(id)?.token, token)) return { kind: 'dead' };
  if (recorded) return { kind: 'stale' };
  const history = group.history(id);
  if (!sameToken(group.owner(id) ?? group.held.get(id)?.token, token)) {
    const dueMs = group.retry.get(id);
    const toldBefore = dueMs !== undefined && sameToken(history.lastReported, token);
    if (group.owner(id)) group.countLateReport(id);
    return toldBefore ? { kind: 'retry', inMs: Math.max(0, dueMs - db.nowMs()) } : { kind: 'stale' };
  }
  group.unlock(id);
  const entry = group.entry(id);
  if (!entry) return { kind: 'stale' };
  const failures = history.failures + 1;
  if (item.kind === 'permanent' || failures >= item.maxAttempts) {
    const atMs = db.nowMs();
    const { takeovers } = history;
    group.dead.set(id, { entry, reason: item.error, failures, takeovers, token, diedAtMs: atMs });
    group.done.set(id, { outcome: 'dead', atMs, issuedAtMs: issuedAtMs(id) ?? atMs });
    group.clean(id);
    appendEvents(db, item.onDead);
    return { kind: 'dead' };
  }
  group.histories.set(id, { ...history, failures, lastError: item.error, lastReported: token });
  group.retry.set(id, db.nowMs() + item.delayMs);
  return { kind: 'retry', inMs: item.delayMs };
}
