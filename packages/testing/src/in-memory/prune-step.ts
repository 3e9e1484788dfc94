import type { PruneResult } from '@onlyonce/core';
import type { InMemoryDatabase } from './in-memory-database.js';

const MOST_PER_CALL = 1_000;

/**
 * Forgets ids of which no copy can come back: publish refuses them as too old, and no backlog holds an entry from a
 * time when it did not. An outage of any length keeps ids.
 */
export function pruneStep(db: InMemoryDatabase, channelName: string): PruneResult {
  const channel = db.channel(channelName);
  let oldestMs = db.nowMs();
  for (const { appendedAtMs } of channel.unrouted) oldestMs = Math.min(oldestMs, appendedAtMs);
  for (const group of channel.groups.values()) {
    for (const { appendedAtMs } of group.log.values()) oldestMs = Math.min(oldestMs, appendedAtMs);
  }
  const beforeMs = oldestMs - db.horizonMs;
  let removed = 0;
  for (const ids of [channel.ids, ...[...channel.groups.values()].map(({ done }) => done)]) {
    for (const [id, { issuedAtMs }] of ids) {
      if (issuedAtMs >= beforeMs) continue;
      if (removed >= MOST_PER_CALL) return { removed, finished: false };
      ids.delete(id);
      removed += 1;
    }
  }
  return { removed, finished: true };
}
