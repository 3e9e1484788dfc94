// @ts-check
import { compareTokens } from '../lines/token.mjs';
import { newest } from './history.mjs';

/**
 * @typedef {import('./history.mjs').History} History
 * @typedef {import('./history.mjs').Ending} Ending
 * @typedef {import('./judge-history.mjs').Fault} Fault
 */

/**
 * A dead letter ends a message, too: what comes after needs a redrive, which starts the attempts anew under a higher
 * token.
 * @param {History} history
 * @returns {Fault[]}
 */
export function deathFaults(history) {
  const { settlements } = history;
  const deaths = deathsOf(history);
  if (deaths.length === 0) return [];
  /** @type {Fault[]} */
  const faults = [];
  /** @type {{ death: Ending, next: Ending, what: string }[]} */
  const again = [];
  const inOrder = [...deaths].sort((one, other) => compareTokens(one.token ?? '', other.token ?? ''));
  inOrder.forEach((death, index) => {
    const next = inOrder[index + 1];
    if (next) again.push({ death, next, what: 'became a dead letter twice' });
  });
  for (const settlement of settlements) {
    const before = inOrder.filter((death) => compareTokens(death.token ?? '', settlement.token ?? '') < 0);
    const what = settlement.event === 'message.rejected' ? 'rejected' : 'took effect';
    const death = before.at(-1);
    if (before.length < inOrder.length)
      faults.push({ kind: 'dead-and-settled', detail: `${what} and became a dead letter` });
    else if (death) again.push({ death, next: settlement, what: `${what} after it was a dead letter` });
  }
  // Lines of redrives name no token: they prove all of them, or nobody knows which.
  const told = history.redrives >= new Set(again.map(({ death }) => death)).size;
  for (const { death, next, what } of again) {
    const redriven = redrivenBetween(history, death, next);
    if (redriven === 'no') faults.push({ kind: 'dead-and-settled', detail: `${what}, without a redrive` });
    else if (redriven === 'perhaps' && !told)
      faults.push({
        kind: 'unproven',
        detail: `${what} in its first attempt, and no message.redriven line says that it was sent back`,
      });
  }
  return faults;
}

/**
 * Those that have a line, and those that only their event tells.
 * @param {History} history
 * @returns {Ending[]}
 */
function deathsOf({ deaths, diedUnder = [] }) {
  const unsaid = diedUnder.filter((token) => deaths.every((death) => death.token !== token));
  const nobody = { event: 'message.dead', pod: -1, attempt: undefined, at: Number.NaN, print: 0, sameAs: 0 };
  return [...deaths, ...unsaid.map((token) => ({ ...nobody, token }))];
}

/**
 * @param {History} history
 * @param {Ending} death
 * @param {Ending} next
 * @returns {'yes' | 'no' | 'perhaps'} perhaps: it died in attempt 1, so that the next attempt 1 shows nothing
 */
function redrivenBetween({ claims, takeovers }, death, next) {
  if (death.token === undefined || next.token === undefined) return 'no';
  const { token: from } = death;
  const { token: to } = next;
  const within = (/** @type {string | undefined} */ token) =>
    token !== undefined && compareTokens(token, from) > 0 && compareTokens(token, to) <= 0;
  const takenOver = takeovers.filter(within);
  // The first claim after a redrive is attempt 1; that line is missing if its pod was killed, which is a takeover.
  const attempts = claims
    .filter(({ token }) => within(token))
    .map(({ token, attempt }) => {
      const before = takenOver.filter((each) => compareTokens(each, token ?? '') <= 0);
      return (attempt ?? 1) - before.length;
    });
  const first = Math.min(...attempts);
  if (attempts.length === 0 || first > 1) return 'no';
  const reached = claims.filter(({ token }) => token === from).map(({ attempt }) => attempt ?? 1);
  return Math.max(death.attempt ?? 1, ...reached) > first ? 'yes' : 'perhaps';
}

/**
 * Whether a dead letter is the end of the message: nobody claimed it since, or sent it back. Lines of redrives name no
 * token, so they are counted: each one begins another life.
 * @param {History} history
 * @param {number} [more] redrives beside those
 */
export function isOver(history, more = 0) {
  return isDead(history) && history.redrives + more <= livesAfterTheFirst(history).certain;
}

/**
 * Whether the last one that was sent back may have lived and died, if the pod that let it die before was killed before
 * its line.
 * @param {History} history
 */
export function mayBeOver(history) {
  if (history.redrives === 0 || !isDead(history)) return false;
  const { certain, possible } = livesAfterTheFirst(history);
  return history.redrives <= certain + possible;
}

/** @param {History} history */
function isDead({ deaths, newestToken }) {
  const last = newest(deaths);
  return last !== undefined && compareTokens(newestToken ?? '', last.token ?? '') <= 0;
}

/**
 * How often its attempts began anew. The same attempt again may also follow from a message that was given back.
 * @param {History} history
 */
function livesAfterTheFirst({ claims, deaths }) {
  const inOrder = [...claims].sort((one, other) => compareTokens(one.token ?? '', other.token ?? ''));
  const lives = { certain: 0, possible: 0 };
  inOrder.forEach((claim, index) => {
    const before = inOrder[index - 1];
    if (!before || before.token === claim.token) return;
    const [from, to] = [before.attempt ?? 1, claim.attempt ?? 1];
    if (to < from || deaths.some(({ token }) => token === before.token)) lives.certain += 1;
    else if (to === from) lives.possible += 1;
  });
  return lives;
}
