// @ts-check

/**
 * Adds one line to what its pod and its group are said to have done, unless it was there before.
 * @param {import('../lines/fact.mjs').Fact} fact
 * @param {import('./pods.mjs').Pod} pod
 * @param {import('./group-ledger.mjs').GroupLedger} group
 * @param {boolean} strict the same line twice is two
 */
export function countFact(fact, pod, group, strict) {
  const isNew = () => strict || !group.rareLines.note(fact);
  switch (fact.event) {
    case 'lock.lost':
      if (fact.token === undefined) pod.losses += 1;
      break;
    case 'message.retry':
      if (!isNew()) break;
      pod.retries += 1;
      group.retries += 1;
      break;
    case 'message.duplicate':
      if (!isNew()) break;
      pod.refused += 1;
      group.refused += 1;
      break;
    case 'message.recovered':
      if (fact.previousPod === undefined || !isNew()) break;
      pod.takenFrom += 1;
      group.takeovers += 1;
      break;
    default:
  }
}

/**
 * Adds a claim or an ending that its history did not know.
 * @param {import('../lines/fact.mjs').Fact} fact
 * @param {import('./pods.mjs').Pod} pod
 */
export function countNew({ event }, pod) {
  switch (event) {
    case 'lock.won':
      pod.wins += 1;
      break;
    case 'message.processed':
      pod.processed += 1;
      break;
    case 'message.rejected':
      pod.rejected += 1;
      break;
    case 'message.dead':
      pod.dead += 1;
      break;
    default:
  }
}
