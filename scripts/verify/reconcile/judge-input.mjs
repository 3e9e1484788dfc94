// @ts-check

/**
 * What was given and could not be read may hold anything: a second effect, an order that was lost.
 * @param {import('./findings.mjs').Findings} findings added to
 * @param {readonly { name: string, tally: import('../sources/merge-sources.mjs').Tally }[]} tallies
 * @param {{ orders: number, unreadable: number }} listed
 */
export function judgeInput(findings, tallies, listed) {
  const unread = (/** @type {string} */ detail) => {
    findings.add({
      ...{ kind: 'unproven', digest: undefined, id: undefined, channel: undefined, group: undefined },
      detail,
    });
  };
  for (const { name, tally } of tallies)
    if (tally.fault !== undefined) unread(`${name} could not be read to its end: ${tally.fault}`);
  if (listed.unreadable > 0)
    unread(`${listed.unreadable} lines of the list of accepted orders name no order that can be read`);
}
