import type { GroupRef } from '@onlyonce/core';
import type { InMemoryDatabase } from './in-memory-database.js';

/** Adds a group; the first one takes over what was published before there was any. */
export function registerStep(db: InMemoryDatabase, ref: GroupRef, from: 'earliest' | 'now'): void {
  const channel = db.channel(ref.channel);
  if (channel.registered.has(ref.group)) return;
  channel.registered.add(ref.group);
  if (from === 'now') return;
  const group = db.group(ref);
  for (const entry of channel.unrouted) group.append(entry);
  channel.unrouted = [];
}
