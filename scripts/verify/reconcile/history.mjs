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

/**
 * A claim that is known from another line of its owner than `lock.won`, which may be missing.
 * @typedef {{ token: string, pod: number, attempt: number | undefined }} Hint
 */

/**
 * All that the lines say of one message in one group, as far as it is not settled cleanly. Sets, not a sequence: pods
 * have clocks of their own and their lines come in any order, so what decides is the fencing token.
 */
export class History {
  /** @type {Win[]} */
  wins = [];
  /** @type {Hint[]} */
  hints = [];
  /** Effects and rejections. @type {Ending[]} */
  settlements = [];
  /** @type {Ending[]} */
  deaths = [];
  /** Tokens of deaths that an event tells which was committed with them. @type {string[] | undefined} */
  diedUnder = undefined;
  heard = 0;
  /**
   * Claims that ended, by token and pod, whose `lock.won` line is not read yet: whether they failed.
   * @type {Map<string, boolean> | undefined}
   */
  endedEarly = undefined;
  /** Tokens of claims whose former owner had vanished. @type {string[]} */
  takeovers = [];
  retries = 0;
  /** Results of it that the store refused. */
  refused = 0;
  /** Claims whose result was refused as stale, by token and pod. @type {Set<string> | undefined} */
  refusedAsStale = undefined;
  /** The `message.redriven` lines, by time and pod. @type {Set<string> | undefined} */
  redriveLines = undefined;
  /** When it was sent back last, and by whose clock. @type {{ at: number, pod: number } | undefined} */
  sentBack = undefined;
  /** A line shows that it was in the backlog, so that it was accepted, whether or not that line is there. */
  inBacklog = false;
  /** Somebody was told by the store that it is processed already. */
  calledProcessed = false;
  /** Time of the last line about it, milliseconds, or NaN. */
  lastAt = Number.NaN;
  /** It was settled before, its wait is counted, and something came after that. */
  waitCounted = false;
  /** It was settled, what was known of it is forgotten, and something came that may change the judgement. */
  incomplete = false;

  /**
   * @param {Win} win
   * @returns {boolean} false when it is known already
   */
  addWin(win) {
    const { token, pod, attempt } = win;
    if (this.wins.some((known) => known.token === token && known.pod === pod && known.attempt === attempt))
      return false;
    const failed = this.endedEarly?.get(`${token} ${pod}`);
    if (failed !== undefined) win.over = true;
    if (failed) win.failed = true;
    this.wins.push(win);
    return true;
  }

  /** @param {Hint} hint */
  addHint({ token, pod, attempt }) {
    const isIt = (/** @type {Win | Hint} */ known) => known.token === token && known.pod === pod;
    if (!this.wins.some(isIt) && !this.hints.some(isIt)) this.hints.push({ token, pod, attempt });
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
    if (ending.event === 'message.dead') this.gaveBack(ending.token, ending.pod, false);
    return true;
  }

  /**
   * Its result was refused as stale.
   * @param {string | undefined} token
   * @param {number} pod
   */
  addRefusal(token, pod) {
    this.refusedAsStale ??= new Set();
    this.refusedAsStale.add(`${token} ${pod}`);
  }

  /**
   * It was sent back. The same line delivered twice is one.
   * @param {number} at
   * @param {number} pod
   */
  addRedrive(at, pod) {
    this.redriveLines ??= new Set();
    this.redriveLines.add(`${at} ${pod}`);
    if (!this.sentBack || at > this.sentBack.at) this.sentBack = { at, pod };
  }

  get redrives() {
    return this.redriveLines?.size ?? 0;
  }

  /**
   * The pod's claim ended without a settlement. If the line names no token, it is the pod's newest.
   * @param {string | undefined} token
   * @param {number} pod
   * @param {boolean} failed
   */
  gaveBack(token, pod, failed) {
    if (token === undefined) {
      const win = newest(this.wins.filter((known) => known.pod === pod));
      if (win) win.over = true;
      return;
    }
    const mine = this.wins.filter((known) => known.pod === pod && known.token === token);
    for (const win of mine) {
      win.over = true;
      if (failed) win.failed = true;
    }
    if (mine.length > 0) return;
    // Its line is read before that of the claim.
    const claim = `${token} ${pod}`;
    this.endedEarly ??= new Map();
    this.endedEarly.set(claim, failed || this.endedEarly.get(claim) === true);
  }

  get highestWin() {
    return newest(this.wins);
  }

  /** The newest token that any line says was won. */
  get newestToken() {
    return newest(this.claims)?.token;
  }

  /** @returns {(Win | Hint)[]} */
  get claims() {
    return this.hints.length === 0 ? this.wins : [...this.wins, ...this.hints];
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
