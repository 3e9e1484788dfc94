import type { HeldItem, MessageId } from '@onlyonce/core';
import { sameToken, type GroupState } from './group-state.js';

/** Starts TTLs anew; a lock that ran out while nobody took the message is taken again. @returns the ids lost */
export function extendStep(group: GroupState, items: readonly HeldItem[]): MessageId[] {
  const lost: MessageId[] = [];
  for (const { id, token, lockTtlMs } of items) {
    if (sameToken(group.owner(id) ?? group.held.get(id)?.token, token)) group.lock(id, token, lockTtlMs);
    else lost.push(id);
  }
  return lost;
}

/** Gives messages back, uncounted. @returns how many were the caller's to give */
export function releaseStep(group: GroupState, items: readonly HeldItem[]): number {
  const ours = items.filter(({ id, token }) =>
    sameToken(group.owner(id) ?? group.held.get(id)?.token, token),
  );
  for (const { id, token } of ours) {
    group.unlock(id);
    const history = group.histories.get(id);
    if (history) group.histories.set(id, { ...history, lastReported: token });
  }
  return ours.length;
}
