// @ts-check
import { describedValues } from './described-values.mjs';

export const BEGIN = '<!-- values: written by `make helm-docs` from values.yaml -->';
export const END = '<!-- end of values -->';

/**
 * The values as a Markdown table.
 * @param {string} values text of a values.yaml
 */
export function valuesTable(values) {
  const rows = describedValues(values)
    .filter(({ isGroup, meaning }) => !isGroup || meaning !== '')
    .map(({ path, meaning, type, value, isGroup }) => {
      if (isGroup) return `| **\`${path}\`** | | | ${cell(meaning)} |`;
      return `| \`${path}\` | ${cell(type ?? typeof value)} | \`${cell(JSON.stringify(value))}\` | ${cell(meaning)} |`;
    });
  return ['| value | type | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

/**
 * A README with its table made anew.
 * @param {string} readme @param {string} values
 */
export function withValuesTable(readme, values) {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the README lacks the lines ${BEGIN} and ${END}`);
  return `${readme.slice(0, begin + BEGIN.length)}\n\n${valuesTable(values)}\n\n${readme.slice(end)}`;
}

/** @param {string} text */
function cell(text) {
  return text.replaceAll('|', '\\|');
}
