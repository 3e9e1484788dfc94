// @ts-check
import { IdDigest } from './id-digest.mjs';

/**
 * @typedef {import('./group-ledger.mjs').GroupLedger} GroupLedger
 * @typedef {{ at: number, pod: number }} Moment   by the clock of this pod; NaN: nobody knows
 */

const NEVER = { at: Infinity, pod: -1 };
const UNKNOWN = { at: Number.NaN, pod: -1 };

/** Groups that joined later need not have what came before the first message that they settled. */
export class JoinedLater {
  #digest = new IdDigest();
  /** Since when each has to have everything. @type {Map<GroupLedger, Moment>} */
  #from = new Map();

  /**
   * @param {import('./channel-ledger.mjs').ChannelLedger} channel
   * @param {number} clocksDifferByMs at least
   */
  constructor(channel, clocksDifferByMs) {
    this.channel = channel;
    this.clocksDifferByMs = clocksDifferByMs;
    const groups = [...channel.groups.values()];
    if (groups.length < 2) return;
    for (const group of groups) this.#from.set(group, this.#firstOf(group));
    // The first one needs everything.
    const earliest = Math.min(...[...this.#from.values()].map(({ at }) => at));
    for (const group of groups) if (this.#from.get(group)?.at === earliest) this.#from.delete(group);
  }

  /** @param {GroupLedger} group */
  needsAny(group) {
    return this.#from.get(group) !== NEVER;
  }

  /**
   * @param {GroupLedger} group
   * @param {IdDigest} digest of a message
   * @param {Moment} accepted
   * @returns {boolean} false also where the clocks of two pods would have to tell, and differ by more
   */
  needs(group, digest, accepted) {
    const from = this.#from.get(group);
    if (from === undefined) return true;
    const { at, pod } = this.#cameAt(digest, accepted);
    return at >= from.at + (pod === from.pod ? 0 : this.clocksDifferByMs);
  }

  /**
   * @param {GroupLedger} group
   * @returns {Moment} when the first message came that it settled
   */
  #firstOf({ settled }) {
    let first = NEVER;
    for (const { a, b, c } of settled.entries()) {
      const digest = Object.assign(this.#digest, { a, b, c });
      const came = this.#cameAt(digest, this.channel.accepted.get(digest) ?? UNKNOWN);
      if (came.at < first.at) first = came;
    }
    return first;
  }

  /**
   * When a message came: accepted, or, where only a list says so, first settled by any group.
   * @param {IdDigest} digest
   * @param {Moment} accepted
   * @returns {Moment}
   */
  #cameAt(digest, accepted) {
    if (!Number.isNaN(accepted.at)) return accepted;
    let first = UNKNOWN;
    for (const { settled } of this.channel.groups.values()) {
      const entry = settled.get(digest);
      if (entry && !(entry.at >= first.at)) first = entry;
    }
    return first;
  }
}
