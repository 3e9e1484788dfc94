// @ts-check
import { isSettled } from './close-open-messages.mjs';
import { IdDigest } from './id-digest.mjs';

/**
 * Settlements that only their results tell, of messages that nobody accepted.
 * @param {import('./reconciler.mjs').Reconciler} books
 * @param {(channel: import('./channel-ledger.mjs').ChannelLedger) => boolean} knowsAcceptances
 */
export function judgeResults({ channels, findings, results }, knowsAcceptances) {
  const digest = new IdDigest();
  /** @type {Map<import('./group-ledger.mjs').GroupLedger, Set<string>>} */
  const open = new Map();
  for (const { group: name, on, a, b, c } of results.settlements()) {
    Object.assign(digest, { a, b, c });
    // Where its message may have come from: a channel that the group reads, and of which acceptances are known.
    const origins = [...channels.values()].filter((each) => each.name !== on && knowsAcceptances(each));
    const groups = origins.flatMap(({ groups: all }) => all.get(name) ?? []);
    const [first] = groups;
    if (!first || origins.some(({ accepted }) => accepted.has(digest))) continue;
    // Those with a line of their settlement are told already.
    const isTold = groups.some((group) => {
      let settled = open.get(group);
      if (!settled) open.set(group, (settled = openAndSettled(group)));
      return group.settled.has(digest) || settled.has(digest.text);
    });
    if (isTold) continue;
    findings.add({
      ...{ kind: 'phantom', digest: digest.text, id: undefined, channel: first.channel, group: name },
      detail: 'its result was processed, and no line or list says that it was accepted, nor settled',
    });
  }
}

/** @param {import('./group-ledger.mjs').GroupLedger} group */
function openAndSettled({ open }) {
  const digest = new IdDigest();
  const settled = [...open].filter(([, history]) => isSettled(history));
  return new Set(settled.map(([id]) => digest.of(id).text));
}
