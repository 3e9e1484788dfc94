import type { PublishItem, PublishResult } from '@onlyonce/core';
import type { InMemoryDatabase } from './in-memory-database.js';
import { issuedAtMs } from './issued-at.js';

const MOST_AHEAD_MS = 60_000;

/** Remembers the id, writes the publisher's record, appends to every backlog, tells who listens; item by item. */
export function publishStep(
  db: InMemoryDatabase,
  channel: string,
  items: readonly PublishItem[],
): PublishResult[] {
  const accepted: { index: number; item: PublishItem; issuedAtMs: number }[] = [];
  const results: (PublishResult | undefined)[] = items.map((item, index) => {
    const issued = issuedAtMs(item.id) ?? db.nowMs();
    const refusal = judge(db, channel, item, issued);
    if (!refusal) accepted.push({ index, item, issuedAtMs: issued });
    return refusal;
  });
  const entries = db.append(
    channel,
    accepted.map(({ item, issuedAtMs: issued }) => ({ ...item, issuedAtMs: issued })),
  );
  entries.forEach((entry, position) => {
    const index = accepted[position]?.index;
    if (index !== undefined) results[index] = { kind: 'accepted', entryId: entry.entryId };
  });
  return results.filter((result) => result !== undefined);
}

/** @returns why the item is not accepted; otherwise its id is remembered and its record written */
function judge(
  db: InMemoryDatabase,
  channel: string,
  item: PublishItem,
  issuedAt: number,
): PublishResult | undefined {
  const now = db.nowMs();
  if (issuedAt > now + MOST_AHEAD_MS) return { kind: 'from-future' };
  if (issuedAt < now - db.horizonMs) return { kind: 'too-old' };
  const { ids } = db.channel(channel);
  const earlier = ids.get(item.id);
  if (earlier) return { kind: earlier.fingerprint === item.body ? 'duplicate' : 'conflict' };
  const applied = db.effects.apply(item.effects);
  if (applied.kind === 'rejected') return { kind: 'refused', reason: applied.reason };
  if (applied.kind === 'fault') return { kind: 'refused', reason: applied.detail };
  ids.set(item.id, { fingerprint: item.body, issuedAtMs: issuedAt });
  return undefined;
}
