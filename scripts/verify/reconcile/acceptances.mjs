// @ts-check
import { ACCEPTED } from './channel-ledger.mjs';
import { SETTLED } from './group-ledger.mjs';
import { printOf } from './line-print.mjs';

/**
 * @typedef {import('../lines/fact.mjs').Fact} Fact
 * @typedef {import('./reconciler.mjs').Reconciler} Reconciler
 */

/**
 * An `order.accepted` line.
 * @param {Reconciler} books
 * @param {Fact} fact
 * @param {import('./pods.mjs').Pod} pod
 */
export function noteAccepted(books, fact, pod) {
  const { id, at } = fact;
  const channel = books.channel(fact.channel);
  channel.acceptors.add(pod.number);
  const digest = books.digest.of(id);
  const before = channel.accepted.get(digest);
  const how = ACCEPTED.line;
  const known = channel.accept(digest, { how, at, print: printOf(fact, pod.number), pod: pod.number });
  if (known === 'same-line' && !books.rules.strictLines) {
    books.repeated += 1;
    return;
  }
  if (known === 'same-line' || known === 'second') {
    if (before && books.rules.faults.lossBetween(Math.min(before.at, at), Math.max(before.at, at)))
      books.acceptedAgain += 1;
    else {
      const detail = 'a second order.accepted line of the same id: the publisher did not know it again';
      const where = { channel: channel.name, group: undefined };
      books.findings.add({ kind: 'accepted-twice', digest: digest.text, id, ...where, detail });
    }
    return;
  }
  pod.accepted += 1;
  books.series.add('accepted', at);
  if (known === 'first') books.keepId(id);
  // Its settlement may have been read before: another pod's log, another clock.
  for (const group of channel.groups.values()) {
    const settled = group.settled.get(digest);
    if (settled && settled.kind !== SETTLED.dead) books.waited(group, id, { at, pod: pod.number }, settled);
  }
}

/**
 * `message.duplicate` of the publisher: the order was accepted before.
 * @param {Reconciler} books
 * @param {Fact} fact
 * @param {import('./pods.mjs').Pod} pod
 */
export function noteRepeatedOrder(books, { id, channel }, pod) {
  books.channel(channel).acceptors.add(pod.number);
  if (!books.channel(channel).accepted.has(books.digest.of(id))) books.takeImplied(id, channel);
}
