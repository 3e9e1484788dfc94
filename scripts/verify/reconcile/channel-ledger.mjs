// @ts-check
import { CompactTable } from './compact-table.mjs';

/** How it is known that a message was accepted; several may hold. */
export const ACCEPTED = /** @type {const} */ ({
  /** There is an `order.accepted` line. */
  line: 1,
  /** It was sent again and called a duplicate, or its `order.accepted` line is torn. */
  implied: 2,
  /** It is on the list given. */
  listed: 4,
  /** The list says that it was sent and the answer was lost: it may be accepted or not. */
  attempted: 8,
});

/** What was accepted on one channel, and the groups that read it. */
export class ChannelLedger {
  accepted = new CompactTable();
  /** What the list given says was refused. */
  refused = new CompactTable();
  /** @type {Map<string, import('./group-ledger.mjs').GroupLedger>} */
  groups = new Map();
  /** Pods that tell what was accepted. @type {Set<number>} */
  acceptors = new Set();

  /** @param {string} name */
  constructor(name) {
    this.name = name;
  }

  /**
   * Whether the logs of those who accept are there: who works on the channel, too, tells of what was injected into it.
   * @returns {boolean}
   */
  get hasPublishers() {
    const groups = [...this.groups.values()];
    return [...this.acceptors].some((pod) => groups.every(({ pods }) => !pods.has(pod)));
  }

  /**
   * @param {import('./id-digest.mjs').IdDigest} digest
   * @param {{ how: number, at?: number, print?: number, pod?: number }} acceptance
   * @returns {'first' | 'known' | 'same-line' | 'second'} second: another line says that it was accepted
   */
  accept(digest, { how, at = Number.NaN, print = 0, pod = 0 }) {
    const known = this.accepted.get(digest);
    const isLine = how === ACCEPTED.line;
    if (known && isLine && (known.kind & ACCEPTED.line) !== 0)
      return known.print === print ? 'same-line' : 'second';
    this.accepted.set(digest, {
      kind: (known?.kind ?? 0) | how,
      at: isLine || !known ? at : known.at,
      print: isLine || !known ? print : known.print,
      pod: isLine || !known ? pod : known.pod,
      token: undefined,
    });
    return known ? 'known' : 'first';
  }
}
