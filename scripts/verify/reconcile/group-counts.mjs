// @ts-check

/**
 * What one group did in all.
 * @typedef {{ channel: string, group: string, accepted: number, processed: number, rejected: number, dead: number,
 *   provedByResults: number, underWay: number, takeovers: number, retries: number, refused: number, redriven: number,
 *   undone: number, required: boolean }} GroupCounts
 */

/**
 * @param {{ channel: string, name: string }} where
 * @param {boolean} required
 * @returns {GroupCounts}
 */
export const newCounts = ({ channel, name: group }, required) => ({
  channel,
  group,
  accepted: 0,
  processed: 0,
  rejected: 0,
  dead: 0,
  provedByResults: 0,
  underWay: 0,
  takeovers: 0,
  retries: 0,
  refused: 0,
  redriven: 0,
  undone: 0,
  required,
});
