// @ts-check

/**
 * What can be wrong, in the order of the table. `docs/verify.md` says what each means.
 * @typedef {keyof typeof KINDS} Kind
 */
export const KINDS = /** @type {const} */ ({
  lost: 'accepted, and nobody ever claimed it',
  stuck: 'claimed or waiting, and not settled',
  duplicated: 'took effect, or was settled, more than once in a group',
  'stale-token': 'settled under a fencing token older than one already won',
  unclaimed: 'settled by a pod that had not won it',
  'shared-token': 'one fencing token, two owners',
  'dead-and-settled': 'a dead letter, and settled without a redrive',
  late: 'waited longer than allowed',
  phantom: 'settled, and never accepted',
  'accepted-twice': 'one id accepted more than once',
  stock: 'stock is not start - effects',
  'stock-negative': 'stock below zero',
  contradiction: 'told in two ways: by store and logs, list and logs, or within a line',
  dead: 'a dead letter, where none is allowed',
  unproven: 'may have happened; nothing given here proves it',
  'nothing-to-judge': 'no line to judge',
});

export const KIND_NAMES = /** @type {Kind[]} */ (Object.keys(KINDS));
