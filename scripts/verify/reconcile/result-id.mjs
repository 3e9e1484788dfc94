// @ts-check

// The death first: the plain form would take its `d<token>` for the group.
const OF_DEATH = /^(.+):([^:]+):d(\d+):\d+$/s;
const OF_SETTLEMENT = /^(.+):([^:]+):\d+$/s;

/**
 * What the id of an event says that was committed together with a message's settlement (`<id>:<group>:<n>`), or with its
 * death (`<id>:<group>:d<token>:<n>`).
 * @param {string} id
 * @returns {{ of: string, group: string, diedUnder: string | undefined } | undefined} undefined when it is none
 */
export function resultOf(id) {
  const [, of, group, diedUnder] = OF_DEATH.exec(id) ?? OF_SETTLEMENT.exec(id) ?? [];
  return of === undefined || group === undefined ? undefined : { of, group, diedUnder };
}
