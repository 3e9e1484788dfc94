// @ts-check
import { CompactTable } from './compact-table.mjs';
import { SETTLED } from './group-ledger.mjs';
import { IdDigest } from './id-digest.mjs';

/** The id of an event that was committed together with a message's settlement, or with its death (`d<token>`). */
const RESULT_ID = /^(.+):([^:]+):(d\d+:)?\d+$/s;

/**
 * Settlements that are known by what follows from them: an event that was committed together with another message's
 * settlement, and is processed now, proves that one, although the pod was killed before it could say so.
 */
export class Results {
  /** By name of the group. @type {Map<string, CompactTable>} */
  #tables = new Map();
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
    const [, base, name, death] = RESULT_ID.exec(id) ?? [];
    if (base === undefined || name === undefined) return;
    const digest = this.#digest.of(base);
    // Most are known to be settled by their own line.
    for (const channel of channels.values()) {
      const other = channel.groups.get(name);
      const before = other && other !== group ? other.settled.get(digest) : undefined;
      if (!before) continue;
      this.clocks.note(before, { at, pod });
      return;
    }
    let table = this.#tables.get(name);
    if (!table) {
      table = new CompactTable();
      this.#tables.set(name, table);
    }
    const kind = death === undefined ? SETTLED.processed : SETTLED.dead;
    table.set(digest, { at, token: undefined, print: 0, pod, kind });
  }

  /**
   * A settlement whose result was read before it.
   * @param {string} group
   * @param {IdDigest} digest
   * @param {{ at: number, pod: number }} settled
   */
  noteSettled(group, digest, settled) {
    const after = this.#tables.get(group)?.get(digest);
    if (after) this.clocks.note(settled, after);
  }

  /**
   * @param {string} group
   * @param {IdDigest} digest
   */
  prove(group, digest) {
    return this.#tables.get(group)?.has(digest) ?? false;
  }
}
