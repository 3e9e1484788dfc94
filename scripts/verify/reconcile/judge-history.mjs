// @ts-check
import { compareTokens } from '../lines/token.mjs';
import { newest } from './history.mjs';
import { deathFaults } from './judge-deaths.mjs';

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
    ...history.endings.flatMap((ending) => refusalFaults(history, ending)),
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
function claimFaults({ wins }, { event, token, pod, attempt }) {
  const fault = (/** @type {string} */ detail) => [
    { kind: /** @type {const} */ ('unclaimed'), detail: `${event} ${detail}` },
  ];
  if (token === undefined) return fault('without a fencing token');
  const sameToken = wins.filter((win) => win.token === token);
  if (sameToken.length === 0) return fault(`under token ${token}, which nobody won`);
  const mine = sameToken.filter((win) => win.pod === pod);
  const [first] = mine;
  if (!first) return fault(`under token ${token}, which another pod won`);
  if (attempt !== undefined && mine.every((win) => win.attempt !== undefined && win.attempt !== attempt))
    return fault(`in attempt ${attempt} under the token of attempt ${first.attempt}`);
  if (first.failed) return fault(`under token ${token}, whose attempt had failed`);
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
 * The store refused the result of a claim, and the same claim is told to have ended the message.
 * @param {import('./history.mjs').History} history
 * @param {import('./history.mjs').Ending} ending
 * @returns {Fault[]}
 */
function refusalFaults({ refusedAsStale }, { event, token, pod }) {
  if (!refusedAsStale?.has(`${token} ${pod}`)) return [];
  return [{ kind: 'contradiction', detail: `${event} under token ${token}, which was refused as stale` }];
}

/**
 * @param {import('./history.mjs').History} history
 * @returns {Fault[]}
 */
function staleFaults({ newestToken, settlements }) {
  const token = newest(settlements)?.token;
  if (token === undefined || newestToken === undefined || compareTokens(token, newestToken) >= 0) return [];
  return [
    { kind: 'stale-token', detail: `settled under token ${token} although ${newestToken} had been won` },
  ];
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
