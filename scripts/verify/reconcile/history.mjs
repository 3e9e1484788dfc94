// @ts-check
import { compareTokens } from '../lines/token.mjs';

/**
 * A claim that a pod won; `life` counts the starts of that pod seen before it.
 * @typedef {{ token: string | undefined, pod: number, attempt: number | undefined, life: number, over?: true,
 *   failed?: true }} Win   over: the pod said that this claim has ended without a settlement; failed: by its own
 *   `message.retry`, which only follows when the store has ended the claim. `message.released` is told also of a claim
 *   whose commit is under way when the pod has to leave: of the two, one comes to nothing, and both may have a line
 *
 * How a message ended, by one line: it took effect, was rejected by the business, or became a dead letter. `print` is
 * of the line itself: the same line delivered twice has the same one.
 * @typedef {{ event: string, token: string | undefined, pod: number, attempt: number | undefined, at: number,
 *   print: number, sameAs: number, outcome?: string }} Ending   sameAs: how often this very line came again;
 *   outcome: as the line itself names it
 */

/** Shared by all that have none. @type {Set<string>} */
const NONE = new Set();

/**
 * All that the lines say of one message in one group, as far as it is not settled cleanly. Sets, not a sequence: pods
 * have clocks of their own and their lines come in any order, so what decides is the fencing token.
 */
export class History {
  /** @type {Win[]} */
  wins = [];
  /** Effects and rejections. @type {Ending[]} */
  settlements = [];
  /** @type {Ending[]} */
  deaths = [];
  heard = 0;
  /** Claims that ended, by token and pod, whose `lock.won` line is not read yet. @type {Set<string>} */
  failedEarly = NONE;
  /** Tokens of claims whose former owner had vanished. @type {string[]} */
  takeovers = [];
  retries = 0;
  /** Results of it that the store refused. */
  refused = 0;
  /** Somebody was told by the store that it is processed already. */
  calledProcessed = false;
  /** Time of the last line about it, milliseconds, or NaN. */
  lastAt = Number.NaN;
  /** It was settled before, its wait is counted, and something came after that. */
  waitCounted = false;
  /** Claims older than this token were forgotten when it was settled. @type {string | undefined} */
  forgotBelow = undefined;

  /**
   * @param {Win} win
   * @returns {boolean} false when it is known already
   */
  addWin(win) {
    if (this.wins.some((known) => known.token === win.token && known.pod === win.pod)) return false;
    if (this.failedEarly.size > 0 && this.failedEarly.has(`${win.token} ${win.pod}`)) {
      win.over = true;
      win.failed = true;
    }
    this.wins.push(win);
    return true;
  }

  /**
   * @param {Ending} ending
   * @param {boolean} strict the same line twice counts as two endings
   * @returns {boolean} false when the very same line was there before
   */
  addEnding(ending, strict) {
    const list = ending.event === 'message.dead' ? this.deaths : this.settlements;
    const same = list.find((known) => known.print === ending.print);
    if (same) same.sameAs += 1;
    if (same && !strict) return false;
    list.push(ending);
    return true;
  }

  /**
   * The pod's claim ended without a settlement. `message.released` names no token: then it is the pod's newest.
   * @param {string | undefined} token
   * @param {number} pod
   * @param {boolean} failed
   */
  gaveBack(token, pod, failed) {
    const mine = this.wins.filter((win) => win.pod === pod && (token === undefined || win.token === token));
    const win = newest(mine);
    if (!win) {
      // Its line is read before that of the claim.
      if (failed && token !== undefined) this.failedEarly = new Set([...this.failedEarly, `${token} ${pod}`]);
      return;
    }
    win.over = true;
    if (failed && token !== undefined) win.failed = true;
  }

  get highestWin() {
    return newest(this.wins);
  }

  /**
   * The first attempt that is known, less those that a vanished owner explains: 1 after a start or a redrive.
   * @returns {number}
   */
  get firstAttempt() {
    const attempts = this.wins.map(({ attempt }) => attempt ?? 1);
    return Math.max(1, Math.min(...attempts, 255) - this.takeovers.length);
  }

  get endings() {
    return [...this.settlements, ...this.deaths];
  }

  get isSettled() {
    return this.settlements.length > 0 || this.deaths.length > 0;
  }
}

/**
 * @template {{ token: string | undefined }} T
 * @param {readonly T[]} list
 * @returns {T | undefined} the one with the highest token
 */
export function newest(list) {
  /** @type {T | undefined} */
  let best;
  for (const one of list) {
    if (!best || compareTokens(one.token ?? '', best.token ?? '') > 0) best = one;
  }
  return best;
}
