import type { MessageId } from '@onlyonce/core';
import type { GroupState } from './group-state.js';
import type { InMemoryDatabase } from './in-memory-database.js';

/** Sends dead letters back, same id, counters at zero; one that was processed meanwhile is only removed. */
export function redriveStep(db: InMemoryDatabase, group: GroupState, ids: readonly MessageId[]): MessageId[] {
  const sent: MessageId[] = [];
  for (const id of ids) {
    const letter = group.dead.get(id);
    if (!letter) continue;
    group.dead.delete(id);
    const outcome = group.done.get(id)?.outcome;
    if (outcome === 'confirmed' || outcome === 'rejected') continue;
    group.done.delete(id);
    group.histories.delete(id);
    group.append(db.entry(letter.entry));
    sent.push(id);
  }
  if (sent.length > 0) db.ring(group.ref.channel);
  return sent;
}
