// @ts-check

/**
 * Adds one line to what its pod and its group are said to have done.
 * @param {import('../lines/fact.mjs').Fact} fact
 * @param {import('./pods.mjs').Pod} pod
 * @param {import('./group-ledger.mjs').GroupLedger} group
 */
export function countFact({ event, token, previousPod }, pod, group) {
  switch (event) {
    case 'lock.won':
      pod.wins += 1;
      break;
    case 'lock.lost':
      if (token === undefined) pod.losses += 1;
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
    case 'message.retry':
      pod.retries += 1;
      group.retries += 1;
      break;
    case 'message.duplicate':
      pod.refused += 1;
      group.refused += 1;
      break;
    case 'message.recovered':
      if (previousPod !== undefined) {
        pod.takenFrom += 1;
        group.takeovers += 1;
      }
      break;
    default:
  }
}
