// @ts-check

/**
 * A fingerprint of what a line says, to know it again when a log shipper delivers it twice. The same effect told twice
 * by mistake differs in time, token or duration; the same line delivered twice differs in nothing.
 * @param {Pick<import('../lines/fact.mjs').Fact, 'event' | 'at' | 'token' | 'attempt' | 'durationMs' | 'outcome' | 'reason'>} fact
 * @param {number} pod
 * @returns {number} 32 bits
 */
export function printOf({ event, at, token, attempt, durationMs, outcome, reason }, pod) {
  let hash = (pod + 1) | 0;
  const add = (/** @type {number} */ value) => {
    hash = Math.imul(hash ^ value, 0x01000193);
    hash ^= hash >>> 15;
  };
  const addText = (/** @type {string} */ text) => {
    for (let index = 0; index < text.length; index += 1) add(text.charCodeAt(index));
    add(text.length);
  };
  addText(event);
  add(at % 2 ** 31);
  add(at / 2 ** 31);
  addText(token ?? '');
  add(attempt ?? -1);
  add(durationMs ?? -1);
  addText(outcome);
  addText(reason);
  return hash >>> 0;
}

/**
 * @param {string} text
 * @returns {number} 32 bits
 */
export function printOfText(text) {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash >>> 0;
}
