// @ts-check
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
  const settled = group?.settled.get(new IdDigest().of(id));
  if (settled) {
    if (settled.kind === SETTLED.processed) return 'processed';
    return settled.kind === SETTLED.rejected ? 'rejected' : 'dead';
  }
  const events = (group?.open.get(id)?.settlements ?? []).map(({ event }) => event);
  if (events.includes('message.processed')) return 'processed';
  return events.length > 0 ? 'rejected' : undefined;
}
