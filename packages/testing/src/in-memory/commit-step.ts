import type { CommitItem, CommitResult, OutgoingEvent, RejectableEvent } from '@onlyonce/core';
import { sameToken, type GroupState } from './group-state.js';
import type { InMemoryDatabase } from './in-memory-database.js';
import { issuedAtMs } from './issued-at.js';
import { appendEvents } from './append-events.js';

/** Effects, processed id, outgoing events and removal from the backlog together, all or nothing per item. */
export function commitStep(
  db: InMemoryDatabase,
  group: GroupState,
  items: readonly CommitItem[],
): CommitResult[] {
  return items.map((item) => commitOne(db, group, item));
}

/** The order of the checks is the protocol: done, then lock, then backlog, then guards, and only then writes. */
function commitOne(db: InMemoryDatabase, group: GroupState, item: CommitItem): CommitResult {
  const recorded = group.done.get(item.id);
  if (recorded) {
    const own = recorded.token !== undefined && sameToken(recorded.token, item.token);
    return { kind: 'duplicate', outcome: recorded.outcome, ...(own ? { own } : {}) };
  }
  // A lock that ran out while nobody took the message does not hinder: after a long restart of the store, say.
  if (handedOn(group, item)) {
    group.countLateReport(item.id);
    return { kind: 'stale' };
  }
  // An effect needs an accepted message: one that is not in the backlog was forged, or its acceptance was lost.
  if (group.entry(item.id)?.entryId !== item.entryId) return { kind: 'stale' };

  const applied = db.effects.apply(item.effects);
  if (applied.kind === 'fault') return applied;
  if (applied.kind === 'applied') {
    settle(db, group, item);
    const reason = item.outcome === 'rejected' ? { reason: item.reason ?? '' } : {};
    return { kind: 'committed', outcome: item.outcome, ...reason };
  }
  const { reason } = applied;
  const rejection = db.effects.apply(item.onReject.effects);
  if (rejection.kind === 'fault') return rejection;
  if (rejection.kind === 'rejected')
    return { kind: 'fault', detail: `a rejection cannot be rejected: ${rejection.reason}` };
  const events = item.onReject.events.map((event) => withReason(event, reason));
  settle(db, group, { ...item, outcome: 'rejected', events });
  return { kind: 'committed', outcome: 'rejected', reason };
}

/** Whether somebody was handed the message after this token, and be it that this owner is gone again as well. */
function handedOn(group: GroupState, { id, token }: CommitItem): boolean {
  const holder = group.owner(id) ?? group.held.get(id)?.token;
  if (holder) return !sameToken(holder, token);
  const { lastReported } = group.history(id);
  return lastReported !== undefined && Number(lastReported.fence) > Number(token.fence);
}

function settle(
  db: InMemoryDatabase,
  group: GroupState,
  { id, token, outcome, events }: Pick<CommitItem, 'id' | 'token' | 'outcome' | 'events'>,
): void {
  const atMs = db.nowMs();
  group.done.set(id, { outcome, atMs, issuedAtMs: issuedAtMs(id) ?? atMs, token });
  group.clean(id);
  appendEvents(db, events);
}

function withReason({ bodyAfterReason, ...event }: RejectableEvent, reason: string): OutgoingEvent {
  if (bodyAfterReason === undefined) return event;
  return { ...event, body: event.body + JSON.stringify(reason) + bodyAfterReason };
}
