// @ts-check
import { parse } from 'yaml';

/**
 * One key of a values.yaml.
 * @typedef {object} DescribedValue
 * @property {string} path keys joined by dots
 * @property {string} meaning the comment above it
 * @property {string | undefined} type what follows `@` at the end of that comment
 * @property {unknown} value the default
 * @property {boolean} isGroup an object whose keys are described one by one
 */

const KEY = /^( *)([A-Za-z0-9_./-]+):( .*)?$/;
const TYPE = / ?@((?:map|list|int|quantity)\b.*)$/;

/**
 * Reads the values and the comment above each key.
 * @param {string} text a values.yaml: two spaces per level, block style for every described object
 * @returns {DescribedValue[]} in the order of the file
 * @throws {Error} naming a key that has no comment
 */
export function describedValues(text) {
  const whole = parse(text);
  /** @type {DescribedValue[]} */
  const found = [];
  /** @type {string[]} */
  let comment = [];
  /** @type {string[]} */
  const keys = [];
  /** Indentation of the list or map that is one value, so that nothing below it is a value of its own. */
  let within = Infinity;
  for (const line of text.split('\n')) {
    const indentation = line.search(/\S/);
    if (indentation < 0) {
      comment = [];
      continue;
    }
    if (indentation > within) continue;
    if (line[indentation] === '#') {
      comment.push(line.slice(indentation + 2));
      continue;
    }
    const [, indent, key] = KEY.exec(line) ?? [];
    if (indent === undefined || key === undefined) throw new Error(`values.yaml: cannot read "${line}"`);
    within = Infinity;
    keys.splice(indent.length / 2, Infinity, key);
    const path = keys.join('.');
    const value = keys.reduce((/** @type {any} */ at, each) => at?.[each], whole);
    const said = comment.join(' ');
    const type = TYPE.exec(said)?.[1];
    const isGroup = isObject(value) && type === undefined;
    if (said === '' && !isGroup) throw new Error(`values.yaml: ${path} has no comment above it`);
    if (!isGroup) within = indentation;
    found.push({ path, meaning: said.replace(TYPE, ''), type, value, isGroup });
    comment = [];
  }
  return found;
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
