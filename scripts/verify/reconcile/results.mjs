// @ts-check
import { CompactTable } from './compact-table.mjs';
import { DeathEvents } from './death-events.mjs';
import { SETTLED } from './group-ledger.mjs';
import { IdDigest } from './id-digest.mjs';
import { resultOf } from './result-id.mjs';

/**
 * Settlements that are known by what follows from them: an event that was committed together with another message's
 * settlement, and is processed now, proves that one, although the pod was killed before it could say so. The event of a
 * death proves no settlement: its message may have been sent back since.
 */
export class Results {
  /** By name of the group that settled, then by the channel on which the event came. @type {Map<string, Map<string, CompactTable>>} */
  #tables = new Map();
  deaths = new DeathEvents();
  #digest = new IdDigest();

  /** @param {import('./clock-order.mjs').ClockOrder} clocks */
  constructor(clocks) {
    this.clocks = clocks;
  }

  /**
   * @param {{ id: string, at: number, pod: number }} settled a message, and by whom
   * @param {import('./group-ledger.mjs').GroupLedger} group where it was settled
   * @param {ReadonlyMap<string, import('./channel-ledger.mjs').ChannelLedger>} channels
   */
  note({ id, at, pod }, group, channels) {
    const result = resultOf(id);
    if (!result) return;
    const { group: name, diedUnder } = result;
    const digest = this.#digest.of(result.of);
    // Most are known to be settled by their own line.
    for (const channel of channels.values()) {
      // Events go elsewhere: on its own channel it is a message whose id looks like that of a result.
      const before =
        channel.name === group.channel ? undefined : channel.groups.get(name)?.settled.get(digest);
      if (!before) continue;
      const isCause =
        diedUnder === undefined
          ? before.kind !== SETTLED.dead
          : before.kind === SETTLED.dead && before.token === diedUnder;
      if (!isCause) continue;
      this.clocks.note(before, { at, pod });
      return;
    }
    if (diedUnder !== undefined) {
      const isTold = [...channels.values()].some(({ name: origin, groups }) => {
        const history = origin === group.channel ? undefined : groups.get(name)?.open.get(result.of);
        return history?.deaths.some(({ token }) => token === diedUnder);
      });
      if (!isTold) this.deaths.note({ id: result.of, group: name, on: group.channel, token: diedUnder });
    } else this.#table(name, group.channel).set(digest, { at, token: undefined, print: 0, pod, kind: 1 });
  }

  /**
   * A settlement whose result was read before it.
   * @param {import('./group-ledger.mjs').GroupLedger} group
   * @param {IdDigest} digest
   * @param {{ at: number, pod: number }} settled
   */
  noteSettled(group, digest, settled) {
    for (const [channel, table] of this.#tables.get(group.name) ?? []) {
      const after = channel === group.channel ? undefined : table.get(digest);
      if (after) this.clocks.note(settled, after);
    }
  }

  /**
   * @param {{ name: string, channel: string }} group
   * @param {IdDigest} digest
   */
  prove({ name, channel: own }, digest) {
    for (const [channel, table] of this.#tables.get(name) ?? []) {
      if (channel !== own && table.has(digest)) return true;
    }
    return false;
  }

  /** @returns {Generator<{ group: string, on: string, a: number, b: number, c: number }, void>} the settlements that they tell */
  *settlements() {
    for (const [group, tables] of this.#tables) {
      for (const [on, table] of tables) {
        for (const { a, b, c } of table.entries()) yield { group, on, a, b, c };
      }
    }
  }

  /**
   * @param {string} channel
   * @returns {string[]} the groups whose settlements of messages of another channel than theirs they tell
   */
  groupsBeside(channel) {
    return [...this.#tables]
      .filter(([, tables]) => [...tables.keys()].some((on) => on !== channel))
      .map(([name]) => name);
  }

  /**
   * @param {string} group
   * @param {string} channel
   */
  #table(group, channel) {
    let tables = this.#tables.get(group);
    if (!tables) {
      tables = new Map();
      this.#tables.set(group, tables);
    }
    let table = tables.get(channel);
    if (!table) {
      table = new CompactTable();
      tables.set(channel, table);
    }
    return table;
  }
}
