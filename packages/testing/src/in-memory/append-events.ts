import type { MessageId, OutgoingEvent } from '@onlyonce/core';
import type { InMemoryDatabase } from './in-memory-database.js';

/** Publishes events inside a step. No look at the ids: they are derived, and go out in the step that ends a message. */
export function appendEvents(db: InMemoryDatabase, events: readonly OutgoingEvent[]): void {
  for (const { channel, id, headers, body } of events) {
    db.append(channel, [{ id: id as MessageId, headers, body, issuedAtMs: db.nowMs() }]);
  }
}
