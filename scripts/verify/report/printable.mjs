// @ts-check

// What a terminal obeys, and what turns the direction in which it writes.
// eslint-disable-next-line no-control-regex -- these are what must not reach the terminal
const ORDERS = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Logs may hold anything, in any field; a terminal must not obey it.
 * @param {string} text
 * @param {number} [longest] a longer one is cut
 */
export function printable(text, longest = Infinity) {
  const plain = text.replaceAll(ORDERS, '·');
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain;
}
