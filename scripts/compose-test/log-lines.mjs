// @ts-check

/** @typedef {import('../local/log-file.mjs').LogLine} LogLine */

/** After these a pod no longer holds the message it had won. */
const ENDS = new Set([
  'message.processed',
  'message.rejected',
  'message.duplicate',
  'message.retry',
  'message.dead',
  'message.released',
]);
const EFFECTS = new Set(['message.processed', 'message.rejected']);
const GROUP = 'inventory';

/**
 * @param {string} text
 * @returns {{ lines: LogLine[], foreign: string[] }} foreign: what is no JSON object
 */
export function logLines(text) {
  /** @type {LogLine[]} */
  const lines = [];
  /** @type {string[]} */
  const foreign = [];
  for (const line of text.split('\n').filter((entry) => entry.trim() !== '')) {
    const value = parsed(line);
    if (value === undefined) foreign.push(line);
    else lines.push(value);
  }
  return { lines, foreign };
}

/**
 * @param {readonly LogLine[]} lines of one pod, up to now
 * @returns {string[]} ids of the messages it has won and not settled
 */
export function heldMessages(lines) {
  /** @type {Set<string>} */
  const held = new Set();
  for (const { event, group, messageId } of lines) {
    if (group !== GROUP || messageId === undefined || event === undefined) continue;
    if (event === 'lock.won') held.add(messageId);
    if (ENDS.has(event)) held.delete(messageId);
  }
  return [...held];
}

/**
 * @param {readonly LogLine[]} lines of all pods
 * @returns {Map<string, number>} how many effects each message had, as the logs say
 */
export function effectLines(lines) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { event, group, messageId } of lines) {
    if (group !== GROUP || messageId === undefined || !EFFECTS.has(event ?? '')) continue;
    counts.set(messageId, (counts.get(messageId) ?? 0) + 1);
  }
  return counts;
}

/**
 * @param {readonly LogLine[]} lines of all pods
 * @param {readonly string[]} held
 * @param {string} pod its former owner, as far as the name is known
 * @returns {number} how many of them another pod took over
 */
export function takenOver(lines, held, pod) {
  const ids = new Set(held);
  const taken = lines.filter(
    ({ event, messageId, previousPod }) =>
      event === 'message.recovered' && ids.has(messageId ?? '') && previousPod?.startsWith(pod),
  );
  return new Set(taken.map(({ messageId }) => messageId)).size;
}

/**
 * @param {string} line
 * @returns {LogLine | undefined}
 */
function parsed(line) {
  try {
    const value = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
