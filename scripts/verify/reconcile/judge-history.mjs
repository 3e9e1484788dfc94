// @ts-check
import { compareTokens } from '../lines/token.mjs';
import { newest } from './history.mjs';

/** @typedef {{ kind: import('./kinds.mjs').Kind, detail: string }} Fault */

/**
 * What one message's history proves to be wrong; the order of the lines plays no part. Says nothing of a message that
 * is not settled: whether that is a fault depends on what else is known.
 * @param {import('./history.mjs').History} history
 * @returns {Fault[]} empty when it is settled cleanly or not at all
 */
export function judgeHistory(history) {
  return [
    ...countFaults(history),
    ...history.endings.flatMap((ending) => claimFaults(history, ending)),
    ...history.endings.flatMap(outcomeFaults),
    ...staleFaults(history),
    ...deathFaults(history),
    ...sharedTokens(history),
  ];
}

/**
 * @param {import('./history.mjs').History} history
 * @returns {Fault[]}
 */
function countFaults({ settlements }) {
  if (settlements.length < 2) return [];
  const processed = settlements.filter(({ event }) => event === 'message.processed').length;
  const rejected = settlements.length - processed;
  if (processed > 0 && rejected > 0)
    return [{ kind: 'duplicated', detail: `processed ${processed} times and rejected ${rejected} times` }];
  const pods = new Set(settlements.map(({ pod }) => pod)).size;
  const where = pods === 1 ? 'in one pod' : `in ${pods} pods`;
  const tokens = new Set(settlements.map(({ token }) => token)).size;
  const how = tokens === 1 ? ', under one fencing token' : '';
  const what = rejected > 0 ? 'rejected' : 'took effect';
  return [{ kind: 'duplicated', detail: `${what} ${settlements.length} times ${where}${how}` }];
}

/**
 * Whoever settles a message must have won it: the same pod, the same token, the same attempt.
 * @param {import('./history.mjs').History} history
 * @param {import('./history.mjs').Ending} ending
 * @returns {Fault[]}
 */
function claimFaults({ wins, forgotBelow }, { event, token, pod, attempt }) {
  const fault = (/** @type {string} */ detail) => [
    { kind: /** @type {const} */ ('unclaimed'), detail: `${event} ${detail}` },
  ];
  if (token === undefined) return fault('without a fencing token');
  if (forgotBelow !== undefined && compareTokens(token, forgotBelow) < 0) return [];
  const sameToken = wins.filter((win) => win.token === token);
  if (sameToken.length === 0) return fault(`under token ${token}, which nobody won`);
  const mine = sameToken.find((win) => win.pod === pod);
  if (!mine) return fault(`under token ${token}, which another pod won`);
  if (mine.attempt !== undefined && attempt !== undefined && mine.attempt !== attempt)
    return fault(`in attempt ${attempt} under the token of attempt ${mine.attempt}`);
  if (mine.failed) return fault(`under token ${token}, whose attempt had failed`);
  return [];
}

/** @type {Readonly<Record<string, string>>} */
const OUTCOMES = { 'message.processed': 'confirmed', 'message.rejected': 'rejected', 'message.dead': 'dead' };

/**
 * @param {import('./history.mjs').Ending} ending
 * @returns {Fault[]}
 */
function outcomeFaults({ event, outcome }) {
  if (outcome === undefined || outcome === '' || outcome === OUTCOMES[event]) return [];
  return [{ kind: 'contradiction', detail: `${event} with the outcome ${outcome}` }];
}

/**
 * @param {import('./history.mjs').History} history
 * @returns {Fault[]}
 */
function staleFaults({ wins, settlements }) {
  const last = newest(settlements);
  const win = newest(wins);
  /** @type {Fault[]} */
  const faults = [];
  if (last?.token !== undefined && win?.token !== undefined && compareTokens(last.token, win.token) < 0) {
    faults.push({
      kind: 'stale-token',
      detail: `settled under token ${last.token} although ${win.token} had been won`,
    });
  }
  return faults;
}

/**
 * A dead letter ends a message, too: what comes after needs a redrive, which starts the attempts anew under a higher
 * token.
 * @param {import('./history.mjs').History} history
 * @returns {Fault[]}
 */
function deathFaults(history) {
  const { deaths, settlements } = history;
  if (deaths.length === 0) return [];
  /** @type {Fault[]} */
  const faults = [];
  const inOrder = [...deaths].sort((one, other) => compareTokens(one.token ?? '', other.token ?? ''));
  inOrder.forEach((death, index) => {
    const next = inOrder[index + 1];
    if (next && !redrivenBetween(history, death, next))
      faults.push({ kind: 'dead-and-settled', detail: 'became a dead letter twice without a redrive' });
  });
  for (const settlement of settlements) {
    const before = inOrder.filter((death) => compareTokens(death.token ?? '', settlement.token ?? '') < 0);
    const after = inOrder.length - before.length;
    const what = settlement.event === 'message.rejected' ? 'rejected' : 'took effect';
    const last = before.at(-1);
    if (after > 0) faults.push({ kind: 'dead-and-settled', detail: `${what} and became a dead letter` });
    else if (last && !redrivenBetween(history, last, settlement))
      faults.push({
        kind: 'dead-and-settled',
        detail: `${what} after it was a dead letter, without a redrive`,
      });
  }
  return faults;
}

/**
 * @param {import('./history.mjs').History} history
 * @param {import('./history.mjs').Ending} death
 * @param {import('./history.mjs').Ending} ending
 */
function redrivenBetween({ wins, takeovers }, death, ending) {
  if (death.token === undefined || ending.token === undefined) return false;
  const { token: from } = death;
  const { token: to } = ending;
  const within = (/** @type {string | undefined} */ token) =>
    token !== undefined && compareTokens(token, from) > 0 && compareTokens(token, to) <= 0;
  const attempts = wins.filter(({ token }) => within(token)).map(({ attempt }) => attempt ?? 1);
  // The first claim after a redrive is attempt 1; that line is missing if its pod was killed, which is a takeover.
  return attempts.length > 0 && Math.min(...attempts) <= 1 + takeovers.filter(within).length;
}

/**
 * @param {import('./history.mjs').History} history
 * @returns {Fault[]}
 */
function sharedTokens({ wins }) {
  if (wins.length < 2) return [];
  const owners = new Map();
  for (const { token, pod } of wins) {
    if (token === undefined) continue;
    if (owners.has(token) && owners.get(token) !== pod)
      return [{ kind: 'shared-token', detail: `token ${token} was won by two pods` }];
    owners.set(token, pod);
  }
  return [];
}
