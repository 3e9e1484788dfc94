// @ts-check
import { isSettled } from './close-open-messages.mjs';
import { SETTLED } from './group-ledger.mjs';
import { IdDigest } from './id-digest.mjs';

/**
 * How a message ended in a group, as far as its own lines say.
 * @param {import('./reconciler.mjs').Reconciler} books
 * @param {{ channel: string, group: string | undefined }} where
 * @param {string} id
 * @returns {'processed' | 'rejected' | 'dead' | undefined}
 */
export function endingIn(books, { channel, group: name = '' }, id) {
  const group = books.channels.get(channel)?.groups.get(name);
  // What is open again has an old entry in the table, too.
  const history = group?.open.get(id);
  if (history) {
    const events = history.settlements.map(({ event }) => event);
    if (events.includes('message.processed')) return 'processed';
    if (events.length > 0) return 'rejected';
    return isSettled(history) ? 'dead' : undefined;
  }
  const settled = group?.settled.get(new IdDigest().of(id));
  if (!settled) return undefined;
  if (settled.kind === SETTLED.processed) return 'processed';
  return settled.kind === SETTLED.rejected ? 'rejected' : 'dead';
}
