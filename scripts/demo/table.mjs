// @ts-check
import { styleText } from 'node:util';

/**
 * Draws a table; numbers stand to the right, with thousands apart.
 * @param {readonly string[]} head
 * @param {readonly (readonly (string | number)[])[]} rows
 * @param {(row: readonly (string | number)[], line: string) => string} [paint] colours a finished line
 */
export function table(head, rows, paint = (_, line) => line) {
  const cells = rows.map((row) =>
    row.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : cell)),
  );
  const widths = head.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const isNumber = head.map((_, column) => rows.every((row) => typeof row[column] !== 'string'));
  const line = (/** @type {readonly string[]} */ row) =>
    `│ ${row.map((cell, column) => padded(cell, widths[column] ?? 0, isNumber[column] ?? false)).join(' │ ')} │`;
  const rule = (/** @type {string} */ left, /** @type {string} */ cross, /** @type {string} */ right) =>
    left + widths.map((width) => '─'.repeat(width + 2)).join(cross) + right;
  return [
    rule('┌', '┬', '┐'),
    line(head.map((title) => title)).replaceAll(/[^│]+/g, (text) => styleText('bold', text)),
    rule('├', '┼', '┤'),
    ...cells.map((row, index) => paint(rows[index] ?? [], line(row))),
    rule('└', '┴', '┘'),
  ].join('\n');
}

/**
 * @param {string} text
 * @param {number} width
 * @param {boolean} right
 */
const padded = (text, width, right) => (right ? text.padStart(width) : text.padEnd(width));
